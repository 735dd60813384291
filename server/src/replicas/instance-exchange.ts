import type { InstanceView } from '@dimmer/core/api';
import type { Clock } from '../hub/clock.ts';
import type { Hub } from '../hub/hub.ts';
import type { Instance } from '../hub/instances.ts';
import type { InstanceName, InstanceRow, ReplicaBoard } from '../storage/replica-board.ts';
import type { Members } from './members.ts';

/** What it needs. */
export interface InstanceExchangeDeps {
  readonly id: string;
  readonly board: Pick<ReplicaBoard, 'putInstances' | 'removeInstances' | 'instances' | 'connected'>;
  readonly members: Members;
  readonly hub: Pick<Hub, 'servers' | 'instances'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** An instance that has only another version now is told of no more often. */
const VERSION_MS = 10_000;
/** An answer may be that old. */
const CACHED_MS = 1_000;

/** What was told of an instance last. */
interface Told {
  readonly environmentId: string;
  readonly info: Instance['info'];
  readonly gone: Instance['gone'];
  readonly unreadable: Instance['unreadable'];
  readonly clients: number | undefined;
  readonly version: number;
  readonly at: number;
}

interface Cached {
  readonly at: number;
  readonly views: Promise<readonly InstanceView[]>;
}

/** Tells the other servers who is connected here, as it changes, and asks them when somebody wants to know. */
export class InstanceExchange {
  readonly #deps: InstanceExchangeDeps;
  readonly #told = new Map<string, Told>();
  readonly #cached = new Map<string, Cached>();

  constructor(deps: InstanceExchangeDeps) {
    this.#deps = deps;
  }

  /** Nothing of what was told is there any more. */
  startAnew(): void {
    this.#told.clear();
  }

  /** Tells what is new since the last time. When that fails, it is told again. */
  async tell(): Promise<void> {
    const { id, board, clock, hub } = this.#deps;
    const now = clock.monotonic();
    const put: InstanceRow[] = [];
    const told = new Map<string, Told>();
    const here = new Set<string>();
    for (const instance of hub.servers.ownInstances()) {
      const name = `${instance.environmentId} ${instance.info.instanceId}`;
      here.add(name);
      const view = instance.info.edge === true ? hub.servers.view(instance) : undefined;
      if (!isNews(instance, view?.clients, this.#told.get(name), now)) continue;
      put.push(toRow(instance, view ?? hub.servers.view(instance)));
      told.set(name, toTold(instance, view?.clients, now));
    }
    const removed: InstanceName[] = [];
    for (const [name, { environmentId, info }] of this.#told) {
      if (!here.has(name)) removed.push({ environmentId, instanceId: info.instanceId });
    }
    await board.putInstances(id, put);
    await board.removeInstances(id, removed);
    for (const [name, one] of told) this.#told.set(name, one);
    for (const { environmentId, instanceId } of removed) this.#told.delete(`${environmentId} ${instanceId}`);
  }

  /** Those who left here for another server are not missed. */
  async findMoved(): Promise<void> {
    const { board, hub } = this.#deps;
    const gone = [...hub.servers.ownInstances()].filter((instance) => instance.gone !== null);
    if (gone.length === 0) return;
    const ids = gone.map(({ info }) => info.instanceId);
    for (const { environmentId, instanceId } of await board.connected(ids, this.#others())) {
      hub.servers.movedAway(environmentId, instanceId);
    }
  }

  /** Everybody, here and at the others: those present first, each once. */
  async list(environmentId: string): Promise<readonly InstanceView[]> {
    const here = await this.#deps.hub.instances(environmentId);
    if (this.#deps.members.isAlone) return here;
    const all = new Map<string, InstanceView>();
    for (const view of [...here, ...(await this.#elsewhere(environmentId))]) {
      const known = all.get(view.instanceId);
      if (known === undefined || isNewer(view, known)) all.set(view.instanceId, view);
    }
    return [...all.values()].toSorted(
      (a, b) =>
        Number(a.goneAt !== null) - Number(b.goneAt !== null) ||
        Date.parse(a.connectedAt) - Date.parse(b.connectedAt) ||
        (a.instanceId < b.instanceId ? -1 : 1),
    );
  }

  #elsewhere(environmentId: string): Promise<readonly InstanceView[]> {
    const { board, clock } = this.#deps;
    const known = this.#cached.get(environmentId);
    if (known !== undefined && clock.monotonic() - known.at < CACHED_MS) return known.views;
    const views = board
      .instances(environmentId, this.#others())
      // Written by `tell` of another server.
      .then((texts) => texts.map((text): InstanceView => JSON.parse(text)));
    const cached = { at: clock.monotonic(), views };
    this.#cached.set(environmentId, cached);
    views.catch(() => {
      if (this.#cached.get(environmentId) === cached) this.#cached.delete(environmentId);
    });
    return views;
  }

  #others(): readonly string[] {
    return this.#deps.members.others().map(({ id }) => id);
  }
}

function isNews(instance: Instance, clients: number | undefined, told: Told | undefined, now: number): boolean {
  if (told === undefined || told.info !== instance.info || told.gone !== instance.gone) return true;
  if (told.unreadable !== instance.unreadable || told.clients !== clients) return true;
  return told.version !== instance.version && now - told.at >= VERSION_MS;
}

function toTold(instance: Instance, clients: number | undefined, at: number): Told {
  const { environmentId, info, gone, unreadable, version } = instance;
  return { environmentId, info, gone, unreadable, version, clients, at };
}

function toRow(instance: Instance, view: InstanceView): InstanceRow {
  const { environmentId, info, gone } = instance;
  return { environmentId, instanceId: info.instanceId, present: gone === null, view: JSON.stringify(view) };
}

/** Who is present counts for more than who is gone, and of two the later one. */
function isNewer(view: InstanceView, known: InstanceView): boolean {
  if ((view.goneAt === null) !== (known.goneAt === null)) return view.goneAt === null;
  return Date.parse(view.goneAt ?? view.connectedAt) > Date.parse(known.goneAt ?? known.connectedAt);
}
