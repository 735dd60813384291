import type { FieldError } from '@dimmer/core/api';
import { usesIn } from '@dimmer/core/model';
import type { Flag, Segment } from '@dimmer/core/model';
import type { ObjectKind } from '../storage/object-store.ts';
import type { Draft } from './draft.ts';

/** Where a flag or segment is used, in every environment; each as an error whose path says the place. */
export async function referencesTo(draft: Draft, kind: ObjectKind, key: string): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const environment of draft.environments) {
    // Keys need no escapes, so this finds all of them, and a few values of variants that are sorted out below.
    const rows = await draft.tx.objects.containing(environment.id, `"${kind}":"${key}"`);
    for (const row of rows) {
      const definition: Flag | Segment = JSON.parse(row.def);
      const places = usesIn(definition, { kind, key }, `/${row.kind}s/${row.key}/settings/${environment.key}`);
      errors.push(...places.map((path) => ({ path, message: `refers to the ${kind} "${key}"` })));
    }
  }
  return errors;
}
