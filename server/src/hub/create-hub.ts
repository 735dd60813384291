import { plainAddress } from '../auth/client-address.ts';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import { every, onceAt } from './clock.ts';
import { BEAT_TICK_MS } from './heartbeat.ts';
import { createParts } from './hub-parts.ts';
import type { HubParts } from './hub-parts.ts';
import type { Hub } from './hub.ts';
import { createOtherServers } from './other-servers.ts';
import type { Presence } from './peers.ts';
import type { HubDeps } from './ports.ts';
import type { ReceiptCounter } from './receipts.ts';
import { createUpgrade } from './upgrade.ts';

/** Times of what the hub does again and again. */
const SWEEP_MS = 1_000;
const INSTANCE_SWEEP_MS = 10_000;
const USAGE_FLUSH_MS = 5_000;

/** Makes the hub. It hears of versions from `run` on. */
export function createHub(deps: HubDeps): Hub {
  const parts = createParts(deps);
  const { sessions, receipts, instances, usage, sync, events, stats } = parts;
  const ends: (() => void)[] = [];
  let draining = false;
  const endStreams = (): void => {
    draining = true;
    sync.stop();
    events.end(() => true);
  };
  return {
    handleUpgrade: createGate(deps, parts, () => draining),
    receipts: {
      of: (environmentId, version) => receipts.of({ environmentId, version }),
      async wait(targets, timeoutMs) {
        await loadAll(
          deps,
          targets.map(({ environmentId }) => environmentId),
        );
        return receipts.wait(targets, timeoutMs);
      },
      live: (target) => receipts.live(target),
      count: (target) => receipts.count(target),
      onProgress: (listener) => receipts.onProgress(listener),
    },
    async instances(environmentId) {
      const environment = deps.source.environments().find(({ id }) => id === environmentId);
      return instances.list(environmentId, environment?.key ?? environmentId, (edge) =>
        receipts.presence(environmentId, ({ name }) => name === edge),
      );
    },
    counts: () => withPeers(instances.counts(), receipts),
    presence: (environmentId) => presenceIn(environmentId, parts),
    servers: createOtherServers({ source: deps.source, instances, receipts }),
    sync,
    usage: {
      take: (environmentId, instanceId, message) => usage.take(environmentId, instanceId, message),
      view: (environmentId) => usage.view(environmentId),
    },
    events,
    stats,
    async run() {
      ends.push(...subscribe(deps, parts), ...startTimers(deps, parts));
      // Nobody waits for it: it only says more beside receipts.
      void expectBack(deps, parts);
    },
    admitRequest: (keyId) => parts.admission.knockRequest(keyId, parts.clock.monotonic()),
    async drain() {
      endStreams();
      await sessions.drain();
    },
    async stop() {
      endStreams();
      for (const end of ends.splice(0)) end();
      sessions.close();
      await receipts.flush();
      await usage.flush();
    },
  };
}

/** Clients connected here, and those at edges and other servers. */
function withPeers(here: Record<string, number>, receipts: ReceiptCounter): Record<string, number> {
  const all: Record<string, number> = {};
  for (const id of new Set([...Object.keys(here), ...receipts.reachedByPeers()])) {
    const { connected, polling } = receipts.presence(id);
    all[id] = (here[id] ?? 0) + connected + polling;
  }
  return all;
}

function presenceIn(environmentId: string, { instances, receipts }: HubParts): Presence {
  const here = instances.counts()[environmentId] ?? 0;
  const polling = instances.polling(environmentId);
  const peers = receipts.presence(environmentId);
  return { connected: here - polling + peers.connected, polling: polling + peers.polling };
}

function createGate(deps: HubDeps, parts: HubParts, isDraining: () => boolean): Hub['handleUpgrade'] {
  const { admission, clock, limits, stats, sessions } = parts;
  return createUpgrade({
    admission,
    authenticateKey: deps.authenticateKey,
    addressOf: deps.addressOf ?? ((request) => plainAddress(request.socket.remoteAddress)),
    clock,
    limits,
    stats,
    isDraining,
    onArrival: (arrival) => sessions.accept(arrival),
  });
}

function subscribe(deps: HubDeps, parts: HubParts): (() => void)[] {
  const { receipts, environments, events, sessions, instances, clock } = parts;
  const onVersion = (version: RulesetVersion): void => {
    const { environmentId } = version;
    // First who is expected, then the sockets: a receipt may come before the last socket is written to.
    receipts.publish({ environmentId, version: version.version }, version.committedAt);
    const environment = environments.get(environmentId);
    environment?.publish(version);
    events.publish(version, () => environment === undefined || environment.values.touched(version).length > 0);
  };
  return [
    deps.source.onVersion(onVersion),
    deps.source.onEnvironment(({ id, removed }) => {
      if (!removed) return;
      sessions.end((key) => key.environmentId === id);
      events.end((subscription) => subscription.environmentId === id);
      environments.delete(id);
      instances.remove(id);
    }),
    deps.onKeyRevoked(({ keyId, expiresAt }) => {
      sessions.endKey(keyId, expiresAt);
      onceAt(clock, expiresAt, () => events.end((subscription) => subscription.keyId === keyId));
    }),
  ];
}

function startTimers(deps: HubDeps, parts: HubParts): (() => void)[] {
  const { sessions, receipts, instances, usage, environments, events, clock, limits } = parts;
  const flush = (): void => {
    usage.flush().catch((error: unknown) => deps.log.warn({ error }, 'usage not stored, kept for the next time'));
  };
  return [
    every(clock, BEAT_TICK_MS, () => sessions.beat()),
    every(clock, SWEEP_MS, () => {
      sessions.sweep();
      const now = clock.now();
      events.end(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
      receipts.sweep();
    }),
    every(clock, INSTANCE_SWEEP_MS, () => instances.sweep()),
    every(clock, USAGE_FLUSH_MS, flush),
    every(clock, limits.nowMs, () => {
      for (const environment of environments.values()) environment.offerTime();
    }),
  ];
}

/** A first start makes its environments itself, moments before this. */
const FIRST_START_MS = 10_000;

async function expectBack({ records, log }: HubDeps, { receipts, clock }: HubParts): Promise<void> {
  const before = clock.now() - FIRST_START_MS;
  try {
    receipts.expectBack(await records.environmentsInUse(before));
  } catch (error) {
    log.warn({ error }, 'which environments were in use could not be read');
  }
}

/** Versions of an environment that is not in memory are not heard of; one that is waited for is loaded. */
async function loadAll(deps: HubDeps, environmentIds: readonly string[]): Promise<void> {
  for (const id of new Set(environmentIds)) {
    if (deps.source.peek(id) === undefined) await deps.source.head(id).catch(() => undefined);
  }
}
