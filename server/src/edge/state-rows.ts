import type { Changed, RulesetTables } from '@dimmer/core/replica';
import { canonicalJson } from '../changes/etag.ts';
import { byKey, entryBytes } from '../changes/wire.ts';
import type { VersionObjects } from '../ruleset/ruleset-version.ts';
import type { ObjectKind, ObjectRow } from '../storage/object-store.ts';

type Gone = Pick<ObjectRow, 'kind' | 'key'>;

const TABLES = { flags: 'flag', segments: 'segment' } as const satisfies Record<keyof RulesetTables, ObjectKind>;
const NAMES = ['flags', 'segments'] as const;

/** Every object of a state as the server holds it: flags by key, then segments by key. Texts already made are kept. */
export function allRows(tables: RulesetTables, held: VersionObjects | undefined): ObjectRow[] {
  return NAMES.flatMap((name) => [...tables[name].keys()].flatMap((key) => rowOf(tables, name, key, held)).sort(byKey));
}

/** Those of the changed objects that are there. */
export function changedRows(
  tables: RulesetTables,
  changed: Changed<'flags' | 'segments'>,
  held: VersionObjects,
): ObjectRow[] {
  return NAMES.flatMap((name) => (changed[name] ?? []).flatMap((key) => rowOf(tables, name, key, held))).sort(byKey);
}

/** Those that are not. */
export function goneRows(tables: RulesetTables, changed: Changed<'flags' | 'segments'>): Gone[] {
  const gone = NAMES.flatMap((name) =>
    (changed[name] ?? []).filter((key) => !tables[name].has(key)).map((key) => ({ kind: TABLES[name], key })),
  );
  return gone.sort(byKey);
}

/** Size of objects in a snapshot. */
export function sizeOf(rows: readonly ObjectRow[]): number {
  return rows.reduce((sum, row) => sum + entryBytes(row), 0);
}

/** Size of a whole state after a step, from its size before. */
export function bytesAfter(
  before: number,
  held: VersionObjects,
  put: readonly ObjectRow[],
  remove: readonly Gone[],
): number {
  return [...put, ...remove].reduce(
    (bytes, { kind, key }) => {
      const old = kind === 'flag' ? held.flags.get(key) : held.segments.get(key);
      return old === undefined ? bytes : bytes - entryBytes({ key, def: old.text });
    },
    before + sizeOf(put),
  );
}

function rowOf(
  tables: RulesetTables,
  name: keyof RulesetTables,
  key: string,
  held: VersionObjects | undefined,
): ObjectRow[] {
  const entry = tables[name].get(key);
  if (entry === undefined) return [];
  const known = held?.[name].get(key);
  // The same `h` is the same object, in whatever order its members came.
  const def = known?.h === entry.h ? known.text : canonicalJson(entry.def);
  return [{ kind: TABLES[name], key, h: entry.h, def }];
}
