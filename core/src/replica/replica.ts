import { sumDigest, ZERO_DIGEST } from '../protocol/digest.ts';
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
}

/** What a message came to. */
export type Outcome<K extends Kind> =
  | Applied<K>
  /** More parts of the snapshot are to come. */
  | { readonly pending: Pending<K> }
  /** `old`: held already. `foreign`: for another context. In both cases there is nothing to do. */
  | 'old'
  | 'foreign'
  /** Does not join on to what is held. */
  | 'gap'
  /** Joins on, but what comes out is not what the server has. */
  | 'digest'
  /** A breach of the protocol. */
  | 'malformed';

/** The state before anything was received. */
export function emptyState<K extends Kind>(empty: Tables<K>): State<K> {
  return { version: 0, digest: ZERO_DIGEST, tables: empty };
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
  if (message.type === 'snapshot') {
    const { part, parts, version, digest } = message;
    const before = part === 1 ? rules.empty : pending?.part === part - 1 && pending.tables;
    if (!before) return 'malformed';
    const tables = build(rules, before, state.tables, message, {});
    return part < parts
      ? { pending: { part, tables } }
      : finish(state, { version, digest, cursor, generation, tables });
  }
  if (message.type === 'delta') {
    const { from, to, digest, put, remove } = message;
    if (to <= state.version) return 'old';
    if (from !== state.version) return 'gap';
    const tables = build(rules, state.tables, state.tables, put, remove);
    return finish(state, { version: to, digest, cursor, generation, tables });
  }
  const { version } = message;
  // Before a first answer there is nothing that could be current; and only a browser's values can be those of a version
  // that it was not sent.
  if (!state.version || (!generation && version !== state.version)) return 'gap';
  return { state: { ...state, version, cursor, generation } };
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

/** Proves the next state by its digest. */
function finish<K extends Kind>({ tables }: State<K>, state: State<K>): Outcome<K> {
  const hashes: string[] = [];
  for (const kind in state.tables) for (const entry of state.tables[kind].values()) hashes.push(entry.h);
  return sumDigest(hashes) === state.digest ? { state, changed: difference(tables, state.tables) } : 'digest';
}

/** The keys whose entries differ, those that are gone included. */
export function difference<K extends Kind>(before: Tables<K>, after: Tables<K>): Changed<K> {
  const changed: { [k in K]?: ReadonlySet<string> } = {};
  for (const kind in before) {
    const keys = [...before[kind].keys(), ...after[kind].keys()];
    changed[kind] = new Set(keys.filter((key) => before[kind].get(key) !== after[kind].get(key)));
  }
  return changed;
}
