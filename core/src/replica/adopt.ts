import { applySchema, applySegmentSchema } from '../evaluation/schema.ts';
import { KNOWN_SCHEMA } from '../model/flag.ts';
import type { ReplicaRules } from './replica.ts';
import type { RulesetTables } from './tables.ts';

/** How a server SDK takes definitions over: as far as their schema is known. */
export const RULESET_RULES: ReplicaRules<'flags' | 'segments'> = {
  empty: { flags: new Map(), segments: new Map() },
  adopt: {
    flags(next, previous) {
      const { definition, readable } = applySchema(KNOWN_SCHEMA, next.def, previous?.def);
      return readable ? next : { h: next.h, def: definition, unreadable: true };
    },
    segments(next, previous) {
      const { definition, readable } = applySegmentSchema(KNOWN_SCHEMA, next.def, previous?.def);
      return readable ? next : { h: next.h, def: definition, unreadable: true };
    },
  },
};

/** Keys of the objects that are held only partly, flags and segments alike; undefined if there are none. */
export function unreadableKeys(tables: RulesetTables): { readonly unreadable: readonly string[] } | undefined {
  const unreadable: string[] = [];
  for (const table of [tables.flags, tables.segments]) {
    for (const [key, entry] of table) if (entry.unreadable) unreadable.push(key);
  }
  return unreadable.length > 0 ? { unreadable: unreadable.sort() } : undefined;
}
