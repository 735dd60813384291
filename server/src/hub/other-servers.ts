import type { InstanceView } from '@dimmer/core/api';
import type { SpreadCount } from '@dimmer/core/protocol';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import { toView, type Instance, type Instances } from './instances.ts';
import type { Presence } from './peers.ts';
import type { ReceiptCounter } from './receipts.ts';
import type { Target } from './spread.ts';

/** How the hub takes part with other servers on the same database. */
export interface OtherServers {
  /** A server is there: each version published from now on is expected of it too. */
  join(name: string): void;
  leave(name: string): void;
  /** What it has counted itself of a version. */
  report(name: string, target: Target, count: SpreadCount): void;
  setPresence(name: string, environmentId: string, presence: Presence): void;
  /** Environments in which it is known to have clients. */
  reached(name: string): readonly string[];
  /** What is counted here and at edges. Never what other servers have said: they tell that themselves. */
  ownCount(target: Target): SpreadCount | undefined;
  /** Whether a version is still counted here. */
  isCounting(target: Target): boolean;
  /** Whether all of these have it. Costs little. */
  isOwnComplete(target: Target): boolean;
  /** Clients here and at edges, by environment. */
  ownPresence(): Readonly<Record<string, Presence>>;
  /** All that are connected here, or were within the hour. */
  ownInstances(): Iterable<Instance>;
  view(instance: Instance): InstanceView;
  /** An instance that is gone from here is connected to another server. */
  movedAway(environmentId: string, instanceId: string): void;
}

/** What it is made of. */
export interface OtherServersDeps {
  readonly source: Pick<RulesetSource, 'environments'>;
  readonly instances: Instances;
  readonly receipts: ReceiptCounter;
}

export function createOtherServers({ source, instances, receipts }: OtherServersDeps): OtherServers {
  const keyOf = (id: string): string => source.environments().find((one) => one.id === id)?.key ?? id;
  const presenceIn = (id: string, here: number): Presence => {
    const polling = instances.polling(id);
    const edges = receipts.presence(id, ({ isServer }) => isServer !== true);
    return {
      connected: here - polling + edges.connected,
      polling: polling + edges.polling,
      away: receipts.awayHere(id),
    };
  };
  const isReached = (id: string, peer: string): boolean => {
    const { connected, polling, away = 0 } = receipts.presence(id, ({ name }) => name === peer);
    return connected + polling + away > 0;
  };
  return {
    join: (name) => receipts.join({ name, isServer: true }),
    leave: (name) => receipts.leave(name),
    report: (name, target, count) => receipts.report(name, target, count),
    setPresence: (name, environmentId, presence) => receipts.setPresence(name, environmentId, presence),
    reached: (name) => [...receipts.reachedByPeers()].filter((id) => isReached(id, name)),
    ownCount: (target) => receipts.ownCount(target),
    isCounting: (target) => receipts.isCounting(target),
    isOwnComplete: (target) => receipts.isOwnComplete(target),
    ownPresence: () =>
      Object.fromEntries(Object.entries(instances.counts()).map(([id, here]) => [id, presenceIn(id, here)])),
    ownInstances: () => instances.each(),
    view: (instance) =>
      toView(instance, keyOf(instance.environmentId), (edge) =>
        receipts.presence(instance.environmentId, ({ name }) => name === edge),
      ),
    movedAway: (environmentId, instanceId) => instances.forget(environmentId, instanceId),
  };
}
