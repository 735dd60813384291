import { sumDigest } from '../protocol/digest.ts';
import type { Current } from '../protocol/current.ts';
import type { RulesetDelta, ValueDelta } from '../protocol/delta.ts';
import type { Entries } from '../protocol/entry.ts';
import type { Heartbeat } from '../protocol/heartbeat.ts';
import type { RulesetSnapshot, ValueSnapshot } from '../protocol/snapshot.ts';
import type { Changed, EntryOf, Kind, Tables } from './tables.ts';

/**
 * One environment at one version, immutable. A reader takes the state once and sees that version whole;
 * the next version is another object.
 */
export interface State<K extends Kind> {
  /** 0: nothing received yet. */
  readonly version: number;
  /** Sum over all entries, 16 hex digits. */
  readonly digest: string;
  /** What to resume from; absent: only a snapshot will do. */
  readonly cursor?: string | undefined;
  /** Browsers: which of the client's contexts these values are for. */
  readonly generation?: number | undefined;
  readonly tables: Tables<K>;
}

/** A snapshot of which not all parts have arrived. */
export interface Pending<K extends Kind> {
  readonly part: number;
  readonly tables: Tables<K>;
}

/** Messages that say something about the state. */
export type StateMessage = RulesetSnapshot | ValueSnapshot | RulesetDelta | ValueDelta | Current | Heartbeat;

/** What differs between a server SDK and a browser. */
export interface ReplicaRules<K extends Kind> {
  /** The tables, empty. */
  readonly empty: Tables<K>;
  /** Takes an entry of a table over; `previous` is what was held under its key. Absent: as it is. */
  readonly adopt?: { readonly [k in K]: (next: EntryOf[k], previous: EntryOf[k] | undefined) => EntryOf[k] };
}

/** Another state, and the keys whose entries differ; none: what is held is the head, under this version and cursor. */
export interface Applied<K extends Kind> {
  readonly state: State<K>;
  readonly changed?: Changed<K>;
  readonly pending?: undefined;
}

/** More parts of a snapshot are to come. */
export interface Awaiting<K extends Kind> {
  readonly pending: Pending<K>;
  readonly state?: undefined;
}

/**
 * What a message came to.
 * - `old`: held already; `foreign`: for another context. There is nothing to do.
 * - `gap`: does not join on to what is held, or to the parts before it
 * - `digest`: joins on, but what comes out is not what the server has
 */
export type Outcome<K extends Kind> = Applied<K> | Awaiting<K> | 'old' | 'foreign' | 'gap' | 'digest';

/** The state before anything was received. */
export function emptyState<K extends Kind>(empty: Tables<K>): State<K> {
  return { version: 0, digest: sumDigest([]), tables: empty };
}

/**
 * Decides what a message does to a state. Pure: the state given is not touched.
 * `generation` is that of a browser's newest context, undefined on servers.
 */
export function receive<K extends Kind>(
  rules: ReplicaRules<K>,
  state: State<K>,
  pending: Pending<K> | undefined,
  message: StateMessage,
  generation: number | undefined,
): Outcome<K> {
  const { cursor } = message;
  const { type, contextGeneration }: { readonly type: string; readonly contextGeneration?: number } = message;
  if ((type === 'heartbeat' ? state.generation : contextGeneration) !== generation) return 'foreign';
  let tables: Tables<K>;
  let version: number;
  if ('part' in message) {
    const { part } = message;
    const before = part === 1 ? rules.empty : pending?.part === part - 1 && pending.tables;
    if (!before) return 'gap';
    tables = build(rules, before, state.tables, message, {});
    if (part < message.parts) return { pending: { part, tables } };
    ({ version } = message);
  } else if ('from' in message) {
    version = message.to;
    if (version <= state.version) return 'old';
    if (message.from !== state.version) return 'gap';
    tables = build(rules, state.tables, state.tables, message.put, message.remove);
  } else {
    ({ version } = message);
    // Before a first answer there is nothing that could be current; and only a browser's values can be those of a
    // version that it was not sent.
    if (!state.version || (!generation && version !== state.version)) return 'gap';
    return { state: { ...state, version, cursor, generation } };
  }
  const { digest } = message;
  return digestOf(tables) === digest
    ? { state: { version, digest, cursor, generation, tables }, changed: difference(state.tables, tables) }
    : 'digest';
}

/** Entries and keys by table, as messages carry them. */
type Put = { readonly [k in Kind]?: Entries<EntryOf[k]> };
type Remove = { readonly [k in Kind]?: readonly string[] };

/** Tables with some entries put and some removed. */
function build<K extends Kind>(
  rules: ReplicaRules<K>,
  base: Tables<K>,
  held: Tables<K>,
  put: Put,
  remove: Remove,
): Tables<K> {
  const tables: { [k in K]: ReadonlyMap<string, EntryOf[k]> } = { ...base };
  for (const kind in base) {
    const table: Map<string, EntryOf[typeof kind]> = new Map(base[kind]);
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- there is no enum
    const adopt = rules.adopt?.[kind];
    for (const key of remove[kind] ?? []) table.delete(key);
    for (const [key, come] of Object.entries<EntryOf[typeof kind]>(put[kind] ?? {})) {
      const ours = held[kind].get(key);
      // The same `h` is the same object: keeping ours keeps what was compiled from it.
      table.set(key, ours?.h === come.h ? ours : (adopt?.(come, ours) ?? come));
    }
    tables[kind] = table;
  }
  return tables;
}

function digestOf<K extends Kind>(tables: Tables<K>): string {
  const hashes: string[] = [];
  for (const kind in tables) for (const entry of tables[kind].values()) hashes.push(entry.h);
  return sumDigest(hashes);
}

/** The keys whose entries differ, those that are gone included. */
export function difference<K extends Kind>(before: Tables<K>, after: Tables<K>): Changed<K> {
  const changed: { [k in K]?: readonly string[] } = {};
  for (const kind in before) {
    const keys = new Set([...before[kind].keys(), ...after[kind].keys()]);
    changed[kind] = [...keys].filter((key) => before[kind].get(key) !== after[kind].get(key));
  }
  return changed;
}
