import type { SpreadCount } from '@dimmer/core/protocol';
import type { Hub } from '../hub/hub.ts';
import type { Progress } from '../hub/receipts.ts';
import { nameOf, type Target } from '../hub/spread.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { ReplicaBoard, SpreadRow } from '../storage/replica-board.ts';
import type { Members } from './members.ts';

/** What it needs. */
export interface SpreadExchangeDeps {
  readonly id: string;
  readonly board: Pick<ReplicaBoard, 'putSpreads' | 'spreadsSince'>;
  readonly members: Members;
  readonly hub: Pick<Hub, 'servers'>;
  readonly source: Pick<RulesetSource, 'peek'>;
  /** Something is to be told that others may be waiting for. */
  readonly hurry: () => void;
}

/** Rows are read again for so long, by the database's clock: a statement may take its time to become visible. */
const OVERLAP_MS = 5_000;
/** What was told before is of no version that is still counted. */
const KEPT_MS = 75_000;

const NOBODY: SpreadCount = {
  instances: 0,
  applied: 0,
  gone: 0,
  unaffected: 0,
  polling: 0,
  latencies: [],
  late: [],
};

interface Heard extends Target {
  readonly replicaId: string;
  readonly toldAt: number;
}

/**
 * Tells the other servers what is counted here, and takes what they have counted. Each tells only of its own; each
 * version is expected of everybody who is there, so one that has nothing to tell says so too.
 */
export class SpreadExchange {
  readonly #deps: SpreadExchangeDeps;
  /** What was told last, by version; it goes when the hub counts it no more. */
  readonly #told = new Map<string, { readonly target: Target; text: string }>();
  readonly #changed = new Map<string, Target>();
  readonly #heard = new Map<string, Heard>();
  /** Everything told before this, by the database's clock, has been read. */
  #read = 0;

  constructor(deps: SpreadExchangeDeps) {
    this.#deps = deps;
  }

  /** What was told before this server was there is not asked of it. */
  start(now: number): void {
    this.#read = Math.max(this.#read, now + OVERLAP_MS);
  }

  /** Something happened to a version. */
  progress({ environmentId, version, phase }: Progress): void {
    const { members, hub, hurry } = this.#deps;
    if (members.isAlone || phase === 'late') return;
    const target = { environmentId, version };
    this.#changed.set(nameOf(target), target);
    if (phase === 'published' || hub.servers.isOwnComplete(target)) hurry();
  }

  /** Tells what has changed since the last time, all in one. What could not be told stays to be told. */
  async tell(): Promise<void> {
    const { id, board, hub } = this.#deps;
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    const rows = changed.flatMap((target) => {
      const told = this.#told.get(nameOf(target));
      const count = hub.servers.ownCount(target) ?? (told === undefined ? this.#later(target) : undefined);
      const text = count && JSON.stringify(count);
      return text === undefined || text === told?.text ? [] : [{ ...target, count: text }];
    });
    if (rows.length === 0) return;
    try {
      await board.putSpreads(id, rows);
    } catch (error) {
      for (const target of changed) this.#changed.set(nameOf(target), target);
      throw error;
    }
    for (const { environmentId, version, count } of rows) {
      const target = { environmentId, version };
      this.#told.set(nameOf(target), { target, text: count });
    }
  }

  /** Takes what others have told. `now`: a moment before this by the database's clock. */
  async hear(now: number): Promise<void> {
    const rows = await this.#deps.board.spreadsSince(this.#read - OVERLAP_MS);
    for (const row of rows) this.#take(row);
    this.#read = Math.max(this.#read, now);
  }

  /** Forgets versions that nobody counts any more. */
  forget(): void {
    for (const [name, { toldAt }] of this.#heard) if (toldAt < this.#read - KEPT_MS) this.#heard.delete(name);
    for (const [name, { target }] of this.#told) {
      if (!this.#deps.hub.servers.isCounting(target) && this.tellersOf(target).length === 0) this.#told.delete(name);
    }
  }

  /** Which of the others that are there have told of a version. */
  tellersOf(target: Target): readonly string[] {
    const { members } = this.#deps;
    const name = nameOf(target);
    return members.others().flatMap(({ id }) => (this.#heard.has(`${name} ${id}`) ? [id] : []));
  }

  #take(row: SpreadRow): void {
    const { id, members, hub } = this.#deps;
    const { environmentId, version, replicaId, toldAt } = row;
    if (replicaId === id || !members.has(replicaId)) return;
    const target = { environmentId, version };
    const name = `${nameOf(target)} ${replicaId}`;
    if (this.#heard.get(name)?.toldAt === toldAt) return;
    this.#heard.set(name, { ...target, replicaId, toldAt });
    // Written by the other server's `tell`.
    const count: SpreadCount = JSON.parse(row.count);
    hub.servers.report(replicaId, target, count);
    if (!this.#told.has(nameOf(target)) && this.#hasPassed(target)) {
      this.#changed.set(nameOf(target), target);
      this.#deps.hurry();
    }
  }

  /** Nothing will be counted of it here any more, or it is counted already. */
  #hasPassed({ environmentId, version }: Target): boolean {
    const head = this.#deps.source.peek(environmentId)?.version;
    return head === undefined || head >= version;
  }

  /**
   * What to say of a version that was never counted here: this server read a later one at once, or had it when it
   * started. Those who are expected to have that one are expected to have this.
   */
  #later({ environmentId, version }: Target): SpreadCount {
    const { hub } = this.#deps;
    const above = [...this.#told.values(), ...[...this.#changed.values()].map((target) => ({ target }))]
      .map(({ target }) => target)
      .filter((target) => target.environmentId === environmentId && target.version > version)
      .toSorted((a, b) => a.version - b.version);
    for (const target of above) {
      const count = hub.servers.ownCount(target);
      if (count !== undefined) return count;
    }
    return NOBODY;
  }
}
