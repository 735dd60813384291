import type { FieldError } from '@dimmer/core/api';
import { isOrigin } from '../auth/origin.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { newId } from '../changes/new-id.ts';
import { hashSecret, hintOf, makeSecret } from '../changes/secrets.ts';
import { invalid, notFound } from '../refusal.ts';

const HOUR_MS = 3_600_000;

/** Longest time for which a revoked key may go on: a year. */
export const MAX_OVERLAP_HOURS = 24 * 365;

const keyCreate = handle({
  kind: 'key.create',
  async apply(draft, { environment: name, input, path = '' }) {
    const environment = draft.environment(name);
    draft.require('change', environment);
    const errors = wrongOrigins(input.kind, input.origins, path);
    if (errors.length > 0) throw invalid(errors);
    const secret = makeSecret(input.kind === 'server' ? 'dmr_srv_' : 'dmr_cli_', draft.random);
    const id = newId('key', draft.random);
    const row = {
      id,
      environmentId: environment.id,
      kind: input.kind,
      name: input.name,
      hash: hashSecret(secret),
      hint: hintOf(secret),
      origins: input.origins ?? null,
      createdAt: draft.now,
      lastUsedAt: null,
      expiresAt: null,
    };
    await draft.tx.keys.insert(row);
    draft.created = { id, secret };
    const { kind, hint, origins } = row;
    const after = { kind, name: row.name, hint, origins };
    draft.effects.push({ object: { kind: 'key', key: id, environment: name }, action: 'create', after });
  },
});

/** Ends a key, at once or after some hours in which its successor spreads. */
const keyRevoke = handle({
  kind: 'key.revoke',
  async apply(draft, { environment: name, id, afterHours = 0 }) {
    const environment = draft.environment(name);
    draft.require('change', environment);
    if (!(afterHours >= 0 && afterHours <= MAX_OVERLAP_HOURS)) {
      throw invalid([{ path: '/afterHours', message: `must be from 0 to ${MAX_OVERLAP_HOURS}` }]);
    }
    const key = await draft.tx.keys.byId(id);
    const isLive = key && (key.expiresAt === null || key.expiresAt > draft.now);
    if (!isLive || key.environmentId !== environment.id) throw notFound(`key "${id}" in environment "${name}"`);
    const expiresAt = draft.now + Math.round(afterHours * HOUR_MS);
    await draft.tx.keys.expire(id, expiresAt);
    draft.revoked.push({ keyId: id, hash: key.hash, environmentId: environment.id, expiresAt });
    const object = { kind: 'key', key: id, environment: name } as const;
    const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
    const until = { field: 'expiresAt', before: iso(key.expiresAt), after: iso(expiresAt) };
    draft.effects.push(
      afterHours === 0
        ? { object, action: 'delete', before: { kind: key.kind, name: key.name, hint: key.hint } }
        : { object, action: 'update', ...until },
    );
  },
});

/** Everything that can be done to SDK keys. */
export const keyIntents: readonly AnyHandler[] = [keyCreate, keyRevoke];

function wrongOrigins(kind: 'server' | 'client', origins: readonly string[] | undefined, path: string): FieldError[] {
  if (!origins) return [];
  if (kind === 'server') return [{ path: `${path}/origins`, message: 'only client keys have origins' }];
  return origins.flatMap((origin, index) => {
    const message = 'must be an origin, like https://www.example.com';
    return isOrigin(origin) ? [] : [{ path: `${path}/origins/${index}`, message }];
  });
}
