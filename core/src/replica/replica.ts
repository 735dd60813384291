import { createDigestSum, ZERO_DIGEST } from '../protocol/digest.ts';
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
  readonly cursor: string;
  readonly part: number;
  readonly tables: Tables<K>;
  readonly digest: string;
}

/** Messages that say something about the state. */
export type StateMessage = RulesetSnapshot | ValueSnapshot | RulesetDelta | ValueDelta | Current | Heartbeat;

/** What differs between a server SDK and a browser. */
export interface ReplicaRules<K extends Kind> {
  /** The tables, empty. */
  readonly empty: Tables<K>;
  /** Takes an entry of a table over; `previous` is what was held under its key. */
  readonly adopt: { readonly [k in K]: (next: EntryOf[k], previous: EntryOf[k] | undefined) => EntryOf[k] };
}

/** What a message came to. */
export type Outcome<K extends Kind> =
  /** A new state, and the keys whose entries differ. */
  | { readonly kind: 'applied'; readonly state: State<K>; readonly changed: Changed<K> }
  /** The state held is the head; a browser's carries a newer version and cursor. */
  | { readonly kind: 'confirmed'; readonly state: State<K> }
  /** More parts of the snapshot are to come. */
  | { readonly kind: 'pending'; readonly pending: Pending<K> }
  /** Already held, or meant for another context: nothing to do. */
  | { readonly kind: 'old' | 'foreign' }
  /** Does not join on to what is held. */
  | { readonly kind: 'gap' }
  /** Joins on, but what comes out is not what the server has. */
  | { readonly kind: 'digest' }
  /** A breach of the protocol. */
  | { readonly kind: 'malformed' };

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
  if ('contextGeneration' in message && message.contextGeneration !== generation) return { kind: 'foreign' };
  if (message.type === 'snapshot') return receivePart(rules, state, pending, message);
  if (message.type === 'delta') return receiveDelta(rules, state, message);
  if (message.type === 'heartbeat' && state.generation !== generation) return { kind: 'foreign' };
  // Before a first answer there is nothing that could be current.
  if (!state.version || (!generation && message.version !== state.version)) return { kind: 'gap' };
  return { kind: 'confirmed', state: { ...state, version: message.version, cursor: message.cursor, generation } };
}

function receivePart<K extends Kind>(
  rules: ReplicaRules<K>,
  state: State<K>,
  pending: Pending<K> | undefined,
  message: RulesetSnapshot | ValueSnapshot,
): Outcome<K> {
  const { cursor, part, parts, version, digest } = message;
  const before = part === 1 ? { cursor, part: 0, tables: rules.empty, digest: ZERO_DIGEST } : pending;
  if (before?.cursor !== cursor || before.part !== part - 1 || part > parts) return { kind: 'malformed' };
  const built = build(rules, before, state.tables, message, {});
  if (part < parts) return { kind: 'pending', pending: { cursor, part, tables: built.tables, digest: built.digest } };
  if (built.digest !== digest) return { kind: 'digest' };
  const next = { version, digest, cursor, generation: generationOf(message), tables: built.tables };
  return { kind: 'applied', state: next, changed: difference(state.tables, built.tables) };
}

function receiveDelta<K extends Kind>(
  rules: ReplicaRules<K>,
  state: State<K>,
  message: RulesetDelta | ValueDelta,
): Outcome<K> {
  const { from, to, cursor, digest } = message;
  if (to <= state.version) return { kind: 'old' };
  if (from !== state.version) return { kind: 'gap' };
  const built = build(rules, state, state.tables, message.put, message.remove);
  if (built.digest !== digest) return { kind: 'digest' };
  const next = { version: to, digest, cursor, generation: generationOf(message), tables: built.tables };
  return { kind: 'applied', state: next, changed: built.touched };
}

const generationOf = (message: object): number | undefined =>
  'contextGeneration' in message ? Number(message.contextGeneration) : undefined;

/** Entries and keys by table, as messages carry them. */
type Put = { readonly [k in Kind]?: Entries<EntryOf[k]> };
type Remove = { readonly [k in Kind]?: readonly string[] };

/** Tables with some entries put and some removed, what they then sum up to, and which keys that touched. */
function build<K extends Kind>(
  rules: ReplicaRules<K>,
  base: { readonly tables: Tables<K>; readonly digest: string },
  previous: Tables<K>,
  put: Put,
  remove: Remove,
): { tables: Tables<K>; digest: string; touched: Changed<K> } {
  const sum = createDigestSum(base.digest);
  const tables: { [k in K]: ReadonlyMap<string, EntryOf[k]> } = { ...base.tables };
  const touched: { [k in K]?: ReadonlySet<string> } = {};
  for (const kind in base.tables) {
    const table: Map<string, EntryOf[typeof kind]> = new Map(base.tables[kind]);
    const { [kind]: adopt } = rules.adopt;
    const keys = new Set<string>();
    for (const key of remove[kind] ?? []) {
      const gone = table.get(key);
      if (!gone) continue;
      table.delete(key);
      sum.subtract(gone.h);
      keys.add(key);
    }
    for (const [key, come] of Object.entries<EntryOf[typeof kind]>(put[kind] ?? {})) {
      const gone = table.get(key);
      if (gone) sum.subtract(gone.h);
      sum.add(come.h);
      // The same `h` is the same object: keeping ours keeps what was compiled from it.
      const held = previous[kind].get(key);
      table.set(key, held?.h === come.h ? held : adopt(come, held));
      keys.add(key);
    }
    tables[kind] = table;
    touched[kind] = keys;
  }
  return { tables, digest: sum.hex(), touched };
}

/** The keys whose entries differ, gone ones included. */
function difference<K extends Kind>(before: Tables<K>, after: Tables<K>): Changed<K> {
  const changed: { [k in K]?: ReadonlySet<string> } = {};
  for (const kind in before) {
    const keys = new Set<string>();
    for (const [key, entry] of after[kind]) if (before[kind].get(key) !== entry) keys.add(key);
    for (const key of before[kind].keys()) if (!after[kind].has(key)) keys.add(key);
    changed[kind] = keys;
  }
  return changed;
}
