import { KNOWN_SCHEMA } from '../model/flag.ts';
import type { ReplicaRules } from './replica.ts';
import type { RulesetTables } from './tables.ts';

/**
 * How a server SDK takes definitions over. One of a newer schema gives what still reads (a flag's `enabled`, `off` and
 * variants, so that a kill switch always arrives) and keeps the rules and default, or the condition, that were held
 * before; with nothing held before it stays as it is, for the evaluator to refuse. Either way it is marked `unreadable`.
 */
export const RULESET_RULES: ReplicaRules<'flags' | 'segments'> = {
  empty: { flags: new Map(), segments: new Map() },
  adopt: {
    flags(next, previous) {
      if (isKnown(next.def)) return next;
      if (!previous || !isKnown(previous.def)) return { ...next, unreadable: true };
      // Held definitions carry no newer schema, so what is put together here counts as readable.
      const { enabled, off, variants } = next.def;
      return { h: next.h, def: { ...previous.def, enabled, off: off ?? null, variants }, unreadable: true };
    },
    segments(next, previous) {
      if (isKnown(next.def)) return next;
      const def = previous && isKnown(previous.def) ? previous.def : next.def;
      return { h: next.h, def, unreadable: true };
    },
  },
};

const isKnown = (def: { readonly schema?: number }): boolean => (def.schema ?? 1) <= KNOWN_SCHEMA;

/** Keys of the objects that are held only partly, sorted; flags and segments alike. */
export function unreadableKeys(tables: RulesetTables): readonly string[] {
  const keys: string[] = [];
  for (const table of [tables.flags, tables.segments]) {
    for (const [key, entry] of table) if (entry.unreadable) keys.push(key);
  }
  return keys.sort();
}
