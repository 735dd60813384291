import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { newId } from '../changes/new-id.ts';
import { hashSecret, hintOf, makeSecret } from '../changes/secrets.ts';
import { parseFuture } from '../changes/parse-future.ts';
import { Refusal, conflict, notFound } from '../refusal.ts';
import { isGoodHash } from './set-up-hashes.ts';

const tokenCreate = handle({
  kind: 'token.create',
  async apply(draft, { input, path = '' }) {
    draft.require('administer');
    const { name, role } = input;
    const expiresAt =
      input.expiresAt === undefined ? null : parseFuture(input.expiresAt, draft.now, `${path}/expiresAt`);
    const secret = makeSecret('dmr_api_', draft.random);
    const id = newId('tok', draft.random);
    const hint = hintOf(secret);
    const hash = hashSecret(secret);
    await draft.tx.tokens.insert({ id, name, role, hash, hint, createdAt: draft.now, lastUsedAt: null, expiresAt });
    draft.created = { id, secret };
    draft.effects.push({ object: { kind: 'token', key: id }, action: 'create', after: { name, role, hint } });
  },
});

const tokenRevoke = handle({
  kind: 'token.revoke',
  async apply(draft, { id }) {
    draft.require('administer');
    const token = await draft.tx.tokens.byId(id);
    const isLive = token && (token.expiresAt === null || token.expiresAt > draft.now);
    if (!isLive) throw notFound(`token "${id}"`);
    await draft.tx.tokens.expire(id, draft.now);
    const { name, role, hint } = token;
    draft.effects.push({ object: { kind: 'token', key: id }, action: 'delete', before: { name, role, hint } });
  },
});

const userCreate = handle({
  kind: 'user.create',
  async apply(draft, { input }) {
    draft.require('administer');
    const { passwordHash, role, setupTokenHash } = input;
    const email = input.email.toLowerCase();
    if (setupTokenHash !== undefined) await useSetupToken(draft, setupTokenHash);
    if (await draft.tx.users.byEmail(email)) {
      throw conflict('ALREADY_EXISTS', 'There is an account with this e-mail address already.');
    }
    const id = newId('usr', draft.random);
    await draft.tx.users.insert({ id, email, passwordHash, role, createdAt: draft.now });
    draft.created = { id };
    draft.effects.push({ object: { kind: 'user', key: id }, action: 'create', after: { email, role } });
  },
});

/** Good once, and only while nobody is there. */
async function useSetupToken({ tx }: Draft, hash: string): Promise<void> {
  const expected = await tx.meta.get('setupTokenHash');
  if (!isGoodHash(expected, hash) || (await tx.users.count()) > 0) {
    throw new Refusal(403, 'SET_UP_DONE', { detail: 'This set-up link has been used or replaced.' });
  }
  await tx.meta.delete('setupTokenHash');
}

/** Everything that can be done to tokens and people. */
export const accessIntents: readonly AnyHandler[] = [tokenCreate, tokenRevoke, userCreate];
