import type { InstanceView } from '@dimmer/core/api';
import type { Clock } from './clock.ts';
import type { Presence } from './peers.ts';

/** What an instance says about itself, and what its connection shows. */
export interface InstanceInfo {
  readonly instanceId: string;
  readonly kind: InstanceView['kind'];
  readonly transport: InstanceView['transport'];
  readonly sdk: string;
  readonly appVersion?: string | undefined;
  readonly address: string;
  /** The version it holds as far as its cursor tells, 0 when it has none. */
  readonly version: number;
  /** Counts for the instances behind it and not for itself. */
  readonly edge?: boolean;
}

/** One SDK instance of one environment: the same over all its connections. */
export interface Instance {
  readonly environmentId: string;
  info: InstanceInfo;
  /** Last version it is known to evaluate with. */
  version: number;
  /** Of a browser: whoever holds `after`, or more, has the values of all versions up to `upTo`. */
  same: { readonly after: number; readonly upTo: number } | null;
  unreadable: readonly string[] | undefined;
  readonly connectedAt: number;
  /** The newest connection; null for an instance that polls or is gone. */
  holder: object | null;
  /** Monotonic time of its last poll. */
  seenAt: number;
  /** Monotonic and epoch time since when it is gone. */
  gone: { readonly since: number; readonly at: number } | null;
  /** Versions that it is expected to report and has not, ascending; kept by the receipts. */
  awaiting: number[];
}

interface Members {
  readonly all: Map<string, Instance>;
  /** Those with a socket: what receipts are expected from. */
  readonly connected: Set<Instance>;
}

/** Sizes; see `HubLimits`. */
export interface InstanceLimits {
  readonly pollingMs: number;
  readonly goneMs: number;
  readonly goneKept: number;
}

/** Who is there, by environment; the newest connection of an instance wins, a lost one stays listed for a while. */
export class Instances {
  readonly #environments = new Map<string, Members>();
  readonly #clock: Clock;
  readonly #limits: InstanceLimits;

  constructor(clock: Clock, limits: InstanceLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** A connection was answered. `returned` says that the instance had been gone. */
  connect(environmentId: string, info: InstanceInfo, holder: object): { instance: Instance; returned: boolean } {
    const members = this.#members(environmentId);
    const known = members.all.get(info.instanceId);
    const instance = known ?? this.#create(environmentId, info);
    const returned = known?.gone != null;
    instance.info = info;
    instance.holder = holder;
    instance.gone = null;
    members.all.set(info.instanceId, instance);
    if (info.transport === 'socket' && info.edge !== true) members.connected.add(instance);
    return { instance, returned };
  }

  /** A connection ended; true when that was the instance's newest one, so that the instance is gone. */
  disconnect(instance: Instance, holder: object): boolean {
    if (instance.holder !== holder) return false;
    // Undefined: its environment was deleted, which is why the connection ended.
    const members = this.#environments.get(instance.environmentId);
    this.#leave(members, instance);
    // An event stream has no identity to come back with.
    if (instance.info.transport === 'event-stream') members?.all.delete(instance.info.instanceId);
    return true;
  }

  /** A polling client asked. A socket of the same instance counts for more. */
  poll(environmentId: string, info: InstanceInfo): Instance {
    const members = this.#members(environmentId);
    const instance = members.all.get(info.instanceId) ?? this.#create(environmentId, info);
    members.all.set(info.instanceId, instance);
    if (instance.holder !== null) return instance;
    instance.info = info;
    instance.gone = null;
    instance.seenAt = this.#clock.monotonic();
    instance.version = Math.max(instance.version, info.version);
    return instance;
  }

  /** Instances that hold a socket now. */
  connected(environmentId: string): ReadonlySet<Instance> {
    return this.#environments.get(environmentId)?.connected ?? NOBODY;
  }

  /** All that are there, by whatever transport, by environment. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [id, { all }] of this.#environments) {
      let present = 0;
      for (const { gone, info } of all.values()) if (gone === null && info.edge !== true) present += 1;
      counts[id] = present;
    }
    return counts;
  }

  /** Number of instances that poll. */
  polling(environmentId: string): number {
    let count = 0;
    for (const { info, gone } of this.#environments.get(environmentId)?.all.values() ?? []) {
      if (gone === null && info.transport === 'polling') count += 1;
    }
    return count;
  }

  /** Number of server instances gone for no longer than this. Browsers are not counted: people close their tabs. */
  away(environmentId: string, withinMs: number): number {
    const now = this.#clock.monotonic();
    let count = 0;
    for (const { info, gone } of this.#environments.get(environmentId)?.all.values() ?? []) {
      if (gone !== null && info.kind === 'server' && now - gone.since <= withinMs) count += 1;
    }
    return count;
  }

  /** Those present and those gone for less than an hour, the longest present first. */
  list(environmentId: string, environment: string, clientsOf: (edge: string) => Presence): InstanceView[] {
    const all = [...(this.#environments.get(environmentId)?.all.values() ?? [])];
    all.sort((a, b) => Number(a.gone !== null) - Number(b.gone !== null) || a.connectedAt - b.connectedAt);
    return all.map((instance) => toView(instance, environment, clientsOf));
  }

  /** All that are kept, of every environment. */
  *each(): Iterable<Instance> {
    for (const { all } of this.#environments.values()) yield* all.values();
  }

  /** Forgets one that is gone from here, because it is somewhere else. */
  forget(environmentId: string, instanceId: string): void {
    const all = this.#environments.get(environmentId)?.all;
    if (all?.get(instanceId)?.gone != null) all.delete(instanceId);
  }

  /** Lets time pass: silent polling clients are gone, those gone for long are forgotten. The answer is who left. */
  sweep(): readonly Instance[] {
    const now = this.#clock.monotonic();
    const left: Instance[] = [];
    for (const members of this.#environments.values()) {
      for (const instance of members.all.values()) {
        const silent = instance.info.transport === 'polling' && now - instance.seenAt > this.#limits.pollingMs;
        if (instance.gone === null && silent) {
          this.#leave(members, instance);
          left.push(instance);
        }
        if (instance.gone !== null && now - instance.gone.since > this.#limits.goneMs) {
          members.all.delete(instance.info.instanceId);
        }
      }
      this.#forgetOldest(members);
    }
    return left;
  }

  /** Forgets an environment that was deleted. */
  remove(environmentId: string): void {
    this.#environments.delete(environmentId);
  }

  #members(environmentId: string): Members {
    const known = this.#environments.get(environmentId);
    if (known !== undefined) return known;
    const members: Members = { all: new Map(), connected: new Set() };
    this.#environments.set(environmentId, members);
    return members;
  }

  #create(environmentId: string, info: InstanceInfo): Instance {
    return {
      environmentId,
      info,
      version: info.version,
      same: null,
      unreadable: undefined,
      connectedAt: this.#clock.now(),
      holder: null,
      seenAt: this.#clock.monotonic(),
      gone: null,
      awaiting: [],
    };
  }

  #leave(members: Members | undefined, instance: Instance): void {
    instance.holder = null;
    instance.gone = { since: this.#clock.monotonic(), at: this.#clock.now() };
    members?.connected.delete(instance);
  }

  /** Browsers come and go: without a cap an hour of them would be kept. */
  #forgetOldest(members: Members): void {
    const gone = [...members.all.values()].flatMap((instance) =>
      instance.gone === null ? [] : [{ id: instance.info.instanceId, since: instance.gone.since }],
    );
    gone.sort((a, b) => b.since - a.since);
    for (const { id } of gone.slice(this.#limits.goneKept)) members.all.delete(id);
  }
}

const NOBODY: ReadonlySet<Instance> = new Set();

/** An instance as the API shows it; an edge with the number of its clients. */
export function toView(instance: Instance, environment: string, clientsOf: (edge: string) => Presence): InstanceView {
  const { connected, polling } = instance.info.edge === true ? clientsOf(instance.info.instanceId) : NO_CLIENTS;
  const { instanceId, kind, transport, sdk, appVersion, address } = instance.info;
  return {
    instanceId,
    environment,
    kind,
    transport,
    sdk,
    ...(appVersion !== undefined && { appVersion }),
    address,
    version: instance.version,
    ...(sameUpTo(instance) > instance.version && { sameUpTo: sameUpTo(instance) }),
    connectedAt: new Date(instance.connectedAt).toISOString(),
    goneAt: instance.gone === null ? null : new Date(instance.gone.at).toISOString(),
    ...(instance.unreadable !== undefined && { unreadable: instance.unreadable }),
    ...(instance.info.edge === true && { clients: connected + polling }),
  };
}

/** The last version that makes no difference to an instance, beyond the one it holds; 0 when none is known. */
function sameUpTo({ version, same }: Instance): number {
  return same !== null && version >= same.after ? same.upTo : 0;
}

const NO_CLIENTS: Presence = { connected: 0, polling: 0 };
