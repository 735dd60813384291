import type { FlagEntry, SegmentEntry, ValueEntry } from '../protocol/entry.ts';

/** A flag as an SDK holds it. `unreadable`: its newest definition is of a newer schema and only partly taken over. */
export interface HeldFlag extends FlagEntry {
  readonly unreadable?: true;
}

/** A segment as an SDK holds it; `unreadable` as for flags. */
export interface HeldSegment extends SegmentEntry {
  readonly unreadable?: true;
}

/** What each table of a state holds, by the table's name on the wire. */
export interface EntryOf {
  readonly flags: HeldFlag;
  readonly segments: HeldSegment;
  readonly values: ValueEntry;
}

/** Names of tables: server SDKs hold `flags` and `segments`, browsers `values`. */
export type Kind = keyof EntryOf;

/** The entries of one version, by table and key. */
export type Tables<K extends Kind> = { readonly [k in K]: ReadonlyMap<string, EntryOf[k]> };

/** The tables of a server SDK. */
export type RulesetTables = Tables<'flags' | 'segments'>;

/** The table of a browser. */
export type ValueTables = Tables<'values'>;

/** Keys whose entries differ between two states, by table; absent: none. */
export type Changed<K extends Kind> = { readonly [k in K]?: readonly string[] };
