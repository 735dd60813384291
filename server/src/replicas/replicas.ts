import { randomBytes } from 'node:crypto';
import type { InstanceView } from '@dimmer/core/api';
import { every, SYSTEM_CLOCK } from '../hub/clock.ts';
import type { Clock } from '../hub/clock.ts';
import type { Hub } from '../hub/hub.ts';
import type { ReceiptStore } from '../hub/receipts.ts';
import type { Log } from '../log.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { ReplicaBoard } from '../storage/replica-board.ts';
import { InstanceExchange } from './instance-exchange.ts';
import { Members } from './members.ts';
import { readPresence, writePresence } from './presence-text.ts';
import { SpreadExchange } from './spread-exchange.ts';
import { createSummaries } from './summaries.ts';

/** What makes the servers on one database count as one. */
export interface Replicas {
  /** The store of summaries, for the hub that is made after this. */
  summaries(store: ReceiptStore): ReceiptStore;
  /** Joins the others; resolves when they can know of it. A database that does not answer is tried again. */
  run(hub: Hub): Promise<void>;
  /** Instances at all servers. */
  instances(environmentId: string): Promise<readonly InstanceView[]>;
  /** Tells the last that is known here, and leaves. */
  stop(): Promise<void>;
}

/** What it needs. */
export interface ReplicasDeps {
  readonly board: ReplicaBoard;
  readonly source: Pick<RulesetSource, 'peek'>;
  /** Of this package. */
  readonly version: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** Name of this server, for as long as its process lasts. */
  readonly id?: string;
}

/** Between two beats. */
const BEAT_MS = 1_000;
/** What others may wait for is told that much later: what comes together is told together. */
const HURRY_MS = 20;
/** A server that hears others ring all the time listens so often. */
const RING_MS = 50;
/** The most that a last word may take. */
const LEAVE_MS = 2_000;
/** Instances are told of with every second beat, the board is cleaned with every sixtieth. */
const INSTANCE_BEATS = 2;
const PRUNE_BEATS = 60;

/** Joins the servers on one database. Alone, a server only says each second that it is there. */
export function createReplicas(deps: ReplicasDeps): Replicas {
  const { board, log, clock = SYSTEM_CLOCK, id = randomBytes(8).toString('hex') } = deps;
  const members = new Members(id);
  let joined: Joined | undefined;
  return {
    summaries: (store) =>
      createSummaries({ id, board, store, clock, log, tellersOf: (target) => joined?.spreads.tellersOf(target) ?? [] }),
    async run(hub) {
      joined = new Joined({ ...deps, clock, id, members, hub });
      await joined.run();
    },
    instances: async (environmentId) => joined?.instances.list(environmentId) ?? [],
    stop: async () => joined?.stop(),
  };
}

interface JoinedDeps extends ReplicasDeps {
  readonly clock: Clock;
  readonly id: string;
  readonly members: Members;
  readonly hub: Hub;
}

/** A server among others. */
class Joined {
  readonly instances: InstanceExchange;
  readonly spreads: SpreadExchange;
  readonly #deps: JoinedDeps;
  readonly #ends: (() => void)[] = [];
  /** Looks come one after the other. */
  #turn: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<Look>();
  #beats = 0;
  #failing = false;
  #stopped = false;
  #instancesTold: Promise<void> | undefined;
  #telling: (() => void) | undefined;
  #listening: (() => void) | undefined;

  constructor(deps: JoinedDeps) {
    this.#deps = deps;
    this.instances = new InstanceExchange(deps);
    this.spreads = new SpreadExchange({ ...deps, hurry: () => this.#hurry() });
  }

  async run(): Promise<void> {
    const { board, clock, hub, id } = this.#deps;
    board.onRing((ring) => {
      if (ring?.replicaId !== id) this.#rung(ring?.what !== 'spread');
    });
    await this.#next('beat');
    this.#ends.push(
      hub.receipts.onProgress((progress) => this.spreads.progress(progress)),
      every(clock, BEAT_MS, () => void this.#next('beat')),
    );
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const end of this.#ends.splice(0)) end();
    this.#telling?.();
    this.#listening?.();
    const leave = this.#turn.then(() =>
      this.#attempt(async () => {
        await this.#instancesTold;
        if (!this.#deps.members.isAlone) await this.spreads.tell();
        await this.#deps.board.leave(this.#deps.id);
      }),
    );
    // A server that ends waits for no database: the others notice without a word.
    await Promise.race([leave, new Promise<void>((resolve) => this.#deps.clock.after(LEAVE_MS, resolve))]);
  }

  /** Says that this server is there, looks who else is, and exchanges what there is to tell. */
  async #beat(counts: boolean): Promise<void> {
    const { board, id, version, hub, members } = this.#deps;
    const presence = writePresence(hub.servers.ownPresence());
    const { rows, isNew, now } = await board.beat({ id, version, presence });
    if (isNew) {
      this.spreads.start(now);
      this.instances.startAnew();
    }
    // What those who left have told last is heard while they still count.
    if (!members.isAlone) await this.spreads.hear(now);
    const { joined, left } = members.look(rows, counts);
    for (const name of left) hub.servers.leave(name);
    for (const name of joined) hub.servers.join(name);
    this.#takePresence();
    if (!members.isAlone) await this.#exchange(counts, joined.length > 0);
    if (joined.length > 0 || left.length > 0) this.#deps.log.info({ joined, left }, 'the servers on this database');
    if (counts && this.#isLowest() && this.#beats % PRUNE_BEATS === 0) await board.prune();
    if (counts) this.#beats += 1;
  }

  async #exchange(counts: boolean, hasNew: boolean): Promise<void> {
    await this.spreads.tell();
    if (hasNew) await this.spreads.hear(0);
    if (!counts) return;
    this.spreads.forget();
    if (this.#beats % INSTANCE_BEATS === 0) this.#exchangeInstances();
  }

  /** Beside everything else: after thousands have reconnected there is much to tell. */
  #exchangeInstances(): void {
    this.#instancesTold ??= this.#attempt(async () => {
      await this.instances.tell();
      await this.instances.findMoved();
    }).finally(() => (this.#instancesTold = undefined));
  }

  #takePresence(): void {
    const { hub, members } = this.#deps;
    for (const { id, presence } of members.others()) {
      const told = readPresence(presence);
      for (const [environmentId, one] of told) hub.servers.setPresence(id, environmentId, one);
      for (const environmentId of hub.servers.reached(id)) {
        if (!told.has(environmentId)) hub.servers.setPresence(id, environmentId, NOBODY);
      }
    }
  }

  #isLowest(): boolean {
    return this.#deps.members.others().every(({ id }) => id > this.#deps.id);
  }

  #hurry(): void {
    if (this.#stopped || this.#telling !== undefined) return;
    this.#telling = this.#deps.clock.after(HURRY_MS, () => {
      this.#telling = undefined;
      void this.#next('tell');
    });
  }

  #rung(isAboutServers: boolean): void {
    if (this.#stopped) return;
    if (isAboutServers) return void this.#next('look');
    this.#listening ??= this.#deps.clock.after(RING_MS, () => {
      this.#listening = undefined;
      void this.#next('hear');
    });
  }

  /** After what is being done, and once: a queue of the same would find nothing new. */
  #next(look: Look): Promise<void> {
    if (this.#waiting.has(look)) return this.#turn;
    this.#waiting.add(look);
    this.#turn = this.#turn.then(() => {
      this.#waiting.delete(look);
      return this.#stopped ? undefined : this.#attempt(() => this.#do(look));
    });
    return this.#turn;
  }

  #do(look: Look): Promise<void> {
    if (look === 'tell') return this.spreads.tell();
    if (look === 'hear') return this.spreads.hear(0);
    return this.#beat(look === 'beat');
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#deps.log.warn({ error }, 'the other servers on this database cannot be asked');
      this.#failing = true;
    }
  }
}

/** A beat comes each second; a look is one between. */
type Look = 'beat' | 'look' | 'tell' | 'hear';

const NOBODY = { connected: 0, polling: 0 };
