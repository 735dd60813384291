import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@dimmer/core/replica';
import { createAddressOf } from '../auth/client-address.ts';
import type { Freshness } from '../edge/freshness.ts';
import { STALE_HEADER } from '../edge/stale.ts';
import { createEdgeKeys, type EdgeKeys } from '../http/edge-keys.ts';
import { createHttpServer, type HttpServer, type Listener } from '../http/http-server.ts';
import type { PlainAnswer } from '../http/node-exchange.ts';
import { createSdkSide } from '../http/sdk-side.ts';
import { drainTimes, HUB_LIMITS, type HubLimits } from '../hub/limits.ts';
import { createLog, type RootLog } from '../log.ts';
import type { EdgeConfig } from './edge-config.ts';
import { createEdgeParts, type EdgeParts } from './edge-parts.ts';
import { readServerVersion } from './server-version.ts';

/** How an edge is made beside its settings. */
export interface EdgeOptions {
  /** Default: as the settings say, to standard output. */
  readonly log?: RootLog;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Replaces single limits of the hub. */
  readonly hubLimits?: Partial<HubLimits>;
  /** Time of the link to the upstream. */
  readonly clock?: Clock;
}

/** What an edge says of itself once it listens. */
export interface EdgeStarted {
  readonly host: string;
  readonly port: number;
  /** What it has to serve from an earlier run; undefined: nothing until the upstream answers. */
  readonly kept?: { readonly version: number; readonly ageMs: number };
}

/** A whole edge. */
export interface EdgeServer {
  /** Resolves when it listens; whether it is ready, `/readyz` says. */
  run(): Promise<EdgeStarted>;
  /** Connections of SDKs there are now, and the longest that `drain` takes with them. */
  leaving(): { readonly connections: number; readonly atMostMs: number };
  /** Asks SDKs to go elsewhere, and resolves when they have gone or their time is over. */
  drain(): Promise<void>;
  /** Ends everything. Safe to call at any time, and twice. */
  stop(): Promise<void>;
}

/** Builds an edge: an SDK to its upstream, a server to its SDKs. Nothing is opened before `run`. */
export function createEdge(config: EdgeConfig, options: EdgeOptions = {}): EdgeServer {
  const log = options.log ?? createLog({ level: config.logLevel, format: config.logFormat });
  const version = readServerVersion();
  const addressOf = createAddressOf(config.trustedProxies);
  const { now = Date.now, hubLimits = {}, clock } = options;
  const parts = createEdgeParts(config, { version, addressOf, log, now, hubLimits, clock });
  const edgeKeys = createEdgeKeys(parts.keys);
  const state = { draining: false };
  const http = createDoor({ config, parts, edgeKeys, addressOf, log, version, state });
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    edgeKeys.stop();
    for (const end of ends.splice(0).toReversed()) await end();
    await log.flush();
  };
  return {
    async run() {
      try {
        ends.push(parts.stop);
        await parts.run();
        // Together: the listening socket is closed only once the hub has let go of its connections.
        ends.push(() => Promise.all([http.stop(), parts.hub.stop()]));
        await http.run();
        ends.push(await openMetrics(config, parts, version, log));
      } catch (error) {
        await stop();
        throw error;
      }
      const head = parts.source.environment && parts.source.peek(parts.source.environment.id);
      const kept = head && { version: head.version, ageMs: parts.freshness().ageMs ?? 0 };
      return { host: config.host, port: http.port, ...(kept && { kept }) };
    },
    leaving() {
      const { server, client } = parts.hub.stats.connections;
      const { atMostMs } = drainTimes({ ...HUB_LIMITS, ...hubLimits }, server + client);
      return { connections: server + client, atMostMs };
    },
    async drain() {
      state.draining = true;
      http.drain();
      edgeKeys.stop();
      await parts.hub.drain();
    },
    stop,
  };
}

interface DoorDeps {
  readonly config: EdgeConfig;
  readonly parts: EdgeParts;
  readonly edgeKeys: EdgeKeys;
  readonly addressOf: ReturnType<typeof createAddressOf>;
  readonly log: RootLog;
  readonly version: string;
  readonly state: { readonly draining: boolean };
}

function createDoor(deps: DoorDeps): HttpServer {
  const { config, parts, edgeKeys, addressOf, log, state } = deps;
  const { hub, keys, source } = parts;
  const app = createApp(deps);
  return createHttpServer({
    host: config.host,
    port: config.port,
    sdkSide: createSdkSide({
      ...{ hub, keys, addressOf, log, edgeKeys },
      isReady: () => source.environment !== undefined && keys.isKnown && !state.draining,
      readiness: () => describe(parts.freshness()),
    }),
    rest: (request: IncomingMessage, response: ServerResponse) =>
      void app.then(
        (listen) => listen(request, response),
        (error: unknown) => {
          log.error({ error, url: request.url }, 'request failed');
          response.destroy();
        },
      ),
    upgrades: [hub.handleUpgrade],
  });
}

async function createApp({ config, parts, addressOf, log, version }: DoorDeps): Promise<Listener> {
  const { createEdgeListener } = await import('../http/edge-app.ts');
  const { hub, keys, source, freshness } = parts;
  // From the key, so that addresses of event streams outlive a restart and are the same at all edges with that key.
  const serverSecret = createHmac('sha256', config.key).update('ofrep-events').digest('hex');
  return createEdgeListener({
    ofrep: { source, hub, log, serverSecret, auth: { keys } },
    metrics: { hub, source, version, freshness },
    addressOf,
    upstreamUrl: config.upstream,
  });
}

async function openMetrics(
  { host, metricsPort }: EdgeConfig,
  { hub, source, freshness }: EdgeParts,
  version: string,
  log: RootLog,
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) return async () => undefined;
  const { createMetricsServer } = await import('../http/metrics-server.ts');
  const server = createMetricsServer({ host, port: metricsPort }, { hub, source, version, freshness }, log);
  await server.run();
  return () => server.stop();
}

/** What `/readyz` says of an edge that has something to serve. */
function describe({ isLive, ageMs, refused }: Freshness): Pick<PlainAnswer, 'body' | 'headers'> {
  const lines = [isLive ? 'ready' : `ready, stale: the origin was last heard ${Math.round((ageMs ?? 0) / 1000)} s ago`];
  if (refused !== undefined) lines.push(`the key of this edge is refused: ${refused}`);
  return { body: `${lines.join('\n')}\n`, ...(!isLive && { headers: { [STALE_HEADER]: String(ageMs ?? 0) } }) };
}
