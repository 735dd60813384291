import type { VersionStep } from '../changes/change-feed.ts';
import type { LogRow } from '../storage/log-store.ts';
import type { ServingReads } from '../storage/serving-reads.ts';
import { DependencyGraph } from './dependency-graph.ts';
import type { CatchUp } from './ruleset-source.ts';
import type { CachedVersion } from './ruleset-version.ts';
import { addTouched, nothingTouched, parseLogRow } from './touched.ts';
import type { Touched } from './touched.ts';
import { VersionLog } from './version-log.ts';

/** Older versions than those in memory. */
interface LogReads extends Pick<ServingReads, 'log'> {
  logRow(environmentId: string, version: number): Promise<Pick<LogRow, 'digest'> | undefined>;
}

const PAGE = 1000;
const KEPT_DELTAS = 32;

/** One environment in memory: its head, and what led there. */
export class EnvironmentCache {
  #head: CachedVersion;
  readonly #graph: DependencyGraph;
  readonly #log = new VersionLog();
  /** To the head, by the version they start from: after a restart thousands ask for the same one. */
  readonly #deltas = new Map<number, CatchUp>();

  constructor(head: CachedVersion, graph = new DependencyGraph()) {
    this.#head = head;
    this.#graph = graph;
  }

  get head(): CachedVersion {
    return this.#head;
  }

  /** Takes the next version; undefined when it is not the next one. */
  advance(version: number, step: VersionStep): CachedVersion | undefined {
    if (version !== this.#head.version + 1) return undefined;
    const next = this.#head.next(step, (change, objects) => this.#graph.resolve(change, objects));
    if (next.step) this.#log.add(version, next.digest, next.step);
    this.#deltas.clear();
    this.#head = next;
    return next;
  }

  /** What leads from a version below the head to the head. */
  async since(serving: LogReads, version: number, digest: string): Promise<CatchUp> {
    const { head } = this;
    const known = this.#log.digestAt(version) ?? (await serving.logRow(head.environmentId, version))?.digest;
    if (known === undefined) return { kind: 'compacted' };
    if (known !== digest) return { kind: 'diverged' };
    const kept = this.#deltas.get(version);
    if (kept) return kept;
    const touched = nothingTouched();
    const complete =
      this.#log.addTouchedSince(version, touched) || (await readTouched(serving, head, version, touched));
    if (!complete) return { kind: 'compacted' };
    const frame = head.deltaFrom(version, touched);
    const answer: CatchUp = { kind: 'delta', frame, bytes: frame.length, to: head };
    // While the log was read, the head may have moved on: then this is still right, but not for the next.
    if (head === this.#head && this.#deltas.size < KEPT_DELTAS) this.#deltas.set(version, answer);
    return answer;
  }
}

/** From the database's log; false when a version is missing there. */
async function readTouched(serving: LogReads, head: CachedVersion, after: number, touched: Touched): Promise<boolean> {
  let last = after;
  while (last < head.version) {
    const rows = await serving.log(head.environmentId, last, PAGE);
    if (rows.length === 0) return false;
    for (const row of rows) {
      if (row.version !== last + 1) return false;
      last = row.version;
      if (last <= head.version) addTouched(touched, parseLogRow(row));
    }
  }
  return true;
}
