import { randomBytes } from 'node:crypto';
import type { Clock as ReplicaClock } from '@dimmer/core/replica';
import { hashSecret } from '../changes/secrets.ts';
import { createEdgeReplica, type EdgeReplica } from '../edge/edge-replica.ts';
import { judgeFreshness, type Freshness } from '../edge/freshness.ts';
import { loadState, type StateFile } from '../edge/kept-state.ts';
import { KeyCopy, type KeysFile } from '../edge/key-copy.ts';
import { createPresenceUp } from '../edge/presence-up.ts';
import { SealedFile } from '../edge/sealed-file.ts';
import { createSpreadUp, type SpreadUp } from '../edge/spread-up.ts';
import type { EdgeIdentity, Upstream } from '../edge/upstream.ts';
import { createUpstreamHttp } from '../edge/upstream-http.ts';
import { UpstreamRulesets } from '../edge/upstream-rulesets.ts';
import { UsageUp } from '../edge/usage-up.ts';
import type { AddressOf } from '../auth/client-address.ts';
import { SYSTEM_CLOCK } from '../hub/clock.ts';
import { createHub } from '../hub/create-hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubLimits } from '../hub/limits.ts';
import type { HubRecords } from '../hub/ports.ts';
import type { Log } from '../log.ts';
import type { EdgeConfig } from './edge-config.ts';

/** What stands between the upstream and the SDKs of an edge. */
export interface EdgeParts {
  readonly source: UpstreamRulesets;
  readonly keys: KeyCopy;
  readonly hub: Hub;
  freshness(): Freshness;
  /** Connects to the upstream, from what an earlier run has kept. */
  run(): Promise<void>;
  /** Says the last words to the upstream, and writes everything down. */
  stop(): Promise<void>;
}

/** How they are made. */
export interface EdgePartsOptions {
  readonly version: string;
  readonly addressOf: AddressOf;
  readonly log: Log;
  readonly now: () => number;
  readonly hubLimits: Partial<HubLimits>;
  /** Of the link to the upstream. */
  readonly clock?: ReplicaClock | undefined;
}

/** An hour in ms. */
const HOUR = 3_600_000;

/** Makes the parts of an edge and ties them together. Nothing runs yet. */
export function createEdgeParts(config: EdgeConfig, options: EdgePartsOptions): EdgeParts {
  const base = createBase(config, options);
  const { source, keys, stateFile, warn, freshness, link } = base;
  const { log, now } = options;
  const hub = createHub({
    source,
    records: recordsOf(base.usage),
    log,
    addressOf: options.addressOf,
    authenticateKey: (secret) => keys.authenticateKey(secret),
    onKeyRevoked: keys.onKeyRevoked,
    limits: options.hubLimits,
  });
  const up = createUp(hub, source, (message) => link.replica?.send(message) === true);
  return {
    ...{ source, keys, hub, freshness },
    async run() {
      const kept = loadState(stateFile, warn);
      keys.load();
      if (kept) {
        source.take(kept);
        link.keptAt = Math.max(kept.savedAt, keys.confirmedAt);
      }
      await hub.run();
      const { upstream, who, http, usage } = base;
      link.replica = createEdgeReplica(
        {
          ...{ upstream, who, http, file: stateFile, usage, log },
          clock: options.clock ?? { now: SYSTEM_CLOCK.monotonic, wall: now, after: SYSTEM_CLOCK.after },
          random: Math.random,
          onState: (state, changed) => source.take(state, changed),
          onAnswered: up.answered,
          onTurn(state) {
            if (state === 'live') keys.kick();
            else up.lost();
            keys.touchChanged();
          },
        },
        kept,
      );
      keys.run();
    },
    async stop() {
      keys.stop();
      up.stop();
      await link.replica?.close();
      await Promise.all([stateFile.flushed(), keys.flushed()]);
    },
  };
}

/** What is there before the upstream is. */
function createBase(config: EdgeConfig, { version, log, now }: EdgePartsOptions) {
  const upstream: Upstream = { url: config.upstream, key: config.key };
  const who: EdgeIdentity = { sdk: `edge/${version}`, instanceId: randomBytes(16).toString('hex') };
  const http = createUpstreamHttp(upstream, who);
  const warn = (message: string): void => log.warn({}, message);
  const link: { replica?: EdgeReplica; keptAt?: number } = {};
  const source = new UpstreamRulesets({
    headFor: http.headFor,
    after: SYSTEM_CLOCK.after,
    onError: (error) => log.error({ error }, 'a listener of versions failed'),
  });
  const freshness = (): Freshness =>
    judgeFreshness({
      isLinked: link.replica?.isLive() === true,
      silentMs: link.replica?.silentMs(),
      keptAt: link.keptAt,
      upstreamStaleSince: keys.upstreamStaleSince,
      refused: keys.refused ?? link.replica?.refused(),
      now: now(),
    });
  const keys = new KeyCopy({
    http,
    file: new SealedFile<KeysFile>(config.dataFolder, 'keys', upstream, warn),
    ownHash: hashSecret(upstream.key),
    staleMs: config.keysStaleHours * HOUR,
    environment: () => source.environment,
    cutOffMs: () => cutOffMs(freshness()),
    log,
    now,
    random: Math.random,
  });
  const stateFile = new SealedFile<StateFile>(config.dataFolder, 'state', upstream, warn);
  return { upstream, who, http, warn, link, source, freshness, keys, stateFile, usage: new UsageUp(now) };
}

/** What the upstream is told of those behind this edge. */
function createUp(hub: Hub, source: UpstreamRulesets, send: EdgeReplica['send']): SpreadUp {
  const presence = createPresenceUp(() => hub.presence(source.environment?.id ?? ''), send, SYSTEM_CLOCK);
  const spread = createSpreadUp({ receipts: hub.receipts, send, clock: SYSTEM_CLOCK });
  return {
    answered() {
      presence.answered();
      spread.answered();
    },
    lost: spread.lost,
    stop() {
      presence.stop();
      spread.stop();
    },
  };
}

function cutOffMs({ isLive, ageMs }: Freshness): number | undefined {
  return isLive ? undefined : (ageMs ?? 0);
}

/** Receipts are added up at the origin, and kept there. */
function recordsOf(usage: UsageUp): HubRecords {
  return {
    receipts: { save: async () => undefined, load: async () => undefined },
    usage,
    environmentsInUse: async () => new Set(),
  };
}
