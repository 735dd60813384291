import type { FieldError } from '@dimmer/core/api';
import { usesIn } from '@dimmer/core/model';
import type { Flag, Segment } from '@dimmer/core/model';
import type { ObjectKind } from '../storage/object-store.ts';
import { Refusal } from '../refusal.ts';
import type { Draft } from './draft.ts';

/** A flag or segment that uses another, and the environments in which it does. */
interface User {
  readonly kind: ObjectKind;
  readonly key: string;
  readonly environments: readonly string[];
}

/**
 * Throws 422 `IN_USE` when something refers to this flag or segment: who does, by name in the detail and as
 * `current.usedBy`, and every place.
 */
export async function refuseInUse(draft: Draft, kind: ObjectKind, key: string): Promise<void> {
  const errors = await referencesTo(draft, kind, key);
  if (errors.length === 0) return;
  const usedBy = usersAt(errors);
  const flags = namesOf(usedBy, 'flag');
  const segments = namesOf(usedBy, 'segment');
  const detail = `The ${kind} "${key}" is in use by ${[...flags, ...segments].join(' and ')}.`;
  throw new Refusal(422, 'IN_USE', { detail, errors, current: { usedBy } });
}

/** Enough to see what it is about; all of them are in the list. */
const NAMED = 10;

function namesOf(users: readonly User[], kind: ObjectKind): readonly string[] {
  const keys = users.filter((user) => user.kind === kind).map((user) => `"${user.key}"`);
  if (keys.length === 0) return [];
  const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : '';
  return [`${keys.length === 1 ? `the ${kind}` : `the ${kind}s`} ${keys.slice(0, NAMED).join(', ')}${more}`];
}

function usersAt(errors: readonly FieldError[]): readonly User[] {
  const users = new Map<string, User>();
  for (const { path } of errors) {
    const [, kinds, key = '', , environment = ''] = path.split('/');
    const id = `${kinds} ${key}`;
    const known = users.get(id) ?? { kind: kinds === 'flags' ? 'flag' : 'segment', key, environments: [] };
    users.set(id, { ...known, environments: [...new Set([...known.environments, environment])] });
  }
  return [...users.values()];
}

/** Where a flag or segment is used, in every environment; each as an error whose path says the place. */
async function referencesTo(draft: Draft, kind: ObjectKind, key: string): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const environment of draft.environments) {
    // Keys need no escapes, so this finds all of them, and a few values of variants that are sorted out below.
    const rows = await draft.tx.objects.containing(environment.id, `"${kind}":"${key}"`);
    for (const row of rows) {
      const definition: Flag | Segment = JSON.parse(row.def);
      const places = usesIn(definition, { kind, key }, `/${row.kind}s/${row.key}/settings/${environment.key}`);
      errors.push(...places.map((path) => ({ path, message: `refers to the ${kind} "${key}"`, code: 'IN_USE' })));
    }
  }
  return errors;
}
