import type { Flag, Ruleset, Segment } from '@dimmer/core/model';
import { canonicalJson } from '../changes/etag.ts';
import type { LogRow } from '../storage/log-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import { addTouched, nothingTouched, parseLogRow } from './touched.ts';
import type { Entries, LogStep, Touched } from './touched.ts';

const PAGE = 500;

/** Entries of a whole state. */
export interface StateEntries {
  readonly flags: Entries;
  readonly segments: Entries;
}

/** The ruleset as it was at a version; undefined when there was none or its log is gone. */
export async function rulesetAt(
  storage: Storage,
  environmentId: string,
  version: number,
): Promise<Ruleset | undefined> {
  const state = await storage.read((tx) => stateAt(tx, environmentId, version));
  if (!state) return undefined;
  const definitions = (entries: Entries): object =>
    Object.fromEntries(Object.entries(entries).map(([key, { def }]) => [key, def]));
  // What the one door checked before it was stored.
  const ruleset: { flags: Record<string, Flag>; segments: Record<string, Segment> } = JSON.parse(
    JSON.stringify({ flags: definitions(state.flags), segments: definitions(state.segments) }),
  );
  return ruleset;
}

/**
 * The state at a version: what nothing touched since is as it is now, the rest is what the log last put there. Goes
 * backwards from both ends, so that recent versions cost little however long the log is.
 */
async function stateAt(
  tx: Pick<ReadTx, 'environments' | 'objects' | 'log'>,
  environmentId: string,
  version: number,
): Promise<StateEntries | undefined> {
  const environment = await tx.environments.byId(environmentId);
  const base = await tx.log.base(environmentId);
  if (!environment || version < Math.max(1, base?.version ?? 1) || version > environment.version) return undefined;
  const state = await present(tx, environmentId);
  const unknown = nothingTouched();
  for (let at = version; at < environment.version; at += PAGE) {
    const rows = await tx.log.range(environmentId, at, Math.min(at + PAGE, environment.version));
    for (const row of rows) addTouched(unknown, parseLogRow(row));
  }
  for (const kind of ['flags', 'segments'] as const) for (const key of unknown[kind]) state[kind].delete(key);
  const floor = base?.version ?? 0;
  for (let top = version; top > floor && sizeOf(unknown) > 0; top -= PAGE) {
    const rows = await tx.log.range(environmentId, Math.max(floor, top - PAGE), top);
    for (const row of rows.toReversed()) settle(state, unknown, parseLogRow(row));
  }
  if (base) settle(state, unknown, { put: JSON.parse(base.state), remove: {} });
  return { flags: Object.fromEntries(state.flags), segments: Object.fromEntries(state.segments) };
}

/** The state that these versions lead to from a base, as it is stored; no base is nothing at all. */
export function stateAfter(base: string | undefined, rows: readonly LogRow[]): StateEntries {
  const state: State = { flags: new Map(), segments: new Map() };
  const steps = rows.map((row) => parseLogRow(row));
  if (base !== undefined) steps.unshift({ put: JSON.parse(base), remove: {} });
  for (const { put, remove } of steps) {
    for (const kind of ['flags', 'segments'] as const) {
      for (const [key, entry] of Object.entries(put[kind] ?? {})) state[kind].set(key, entry);
      for (const key of remove[kind] ?? []) state[kind].delete(key);
    }
  }
  return { flags: Object.fromEntries(state.flags), segments: Object.fromEntries(state.segments) };
}

/** Canonical JSON of a state, as the log's base keeps it. */
export function stateText(state: StateEntries): string {
  return canonicalJson(state);
}

type Entry = Entries[string];
type State = Record<'flags' | 'segments', Map<string, Entry>>;

async function present(tx: Pick<ReadTx, 'objects'>, environmentId: string): Promise<State> {
  const state: State = { flags: new Map(), segments: new Map() };
  for (const { kind, key, h, def } of await tx.objects.all(environmentId)) {
    state[kind === 'flag' ? 'flags' : 'segments'].set(key, { def: JSON.parse(def), h });
  }
  return state;
}

function sizeOf({ flags, segments }: Touched): number {
  return flags.size + segments.size;
}

/** An older version decides only what no newer one has. */
function settle(state: State, unknown: Touched, { put, remove }: LogStep): void {
  for (const kind of ['flags', 'segments'] as const) {
    for (const [key, entry] of Object.entries(put[kind] ?? {})) {
      if (unknown[kind].delete(key)) state[kind].set(key, entry);
    }
    for (const key of remove[kind] ?? []) unknown[kind].delete(key);
  }
}
