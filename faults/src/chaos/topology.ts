import type { Swarm, SwarmOptions } from '../swarm/swarm.ts';
import { joinSwarms } from '../swarm/join-swarms.ts';
import { startSwarm } from '../swarm/swarm.ts';
import { startStallProxy } from '../proxy/stall-proxy.ts';
import type { StallProxy } from '../proxy/stall-proxy.ts';
import { startEdgeProcess, startPostgres } from '@dimmer/server/testing';
import { startServer } from '../server-under-test.ts';
import type { ServerUnderTest } from '../server-under-test.ts';
import type { Served } from '../writer.ts';
import { createFlags } from '../writer.ts';
import { processFaults } from './process-faults.ts';
import { wireFaults } from './wire-faults.ts';

/** Something that can be broken and put right again. */
export interface ChaosFault {
  readonly name: string;
  begin(): Promise<void>;
  heal(): Promise<void>;
}

/** Servers, what is between them and their clients, the clients, and all that can be done to them. */
export interface Topology {
  readonly name: string;
  /** Where writes go, and where the truth is asked for. */
  readonly served: Served;
  readonly flags: readonly string[];
  readonly clients: Swarm;
  readonly faults: readonly ChaosFault[];
  /** What is wrong with the data in the end; empty: nothing. */
  problems(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** How large it is to be. */
export interface TopologyOptions {
  readonly sdks: number;
  /** Share of the real random delays that clients wait. */
  readonly haste: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Heartbeats of half a second: a run of minutes then sees as many losses as a day would. */
const LIMITS = { heartbeatMs: 500, receiptMs: 3_000, undrainedMs: 3_000, drainSpreadMs: 1_000 };

/** One server on SQLite, one proxy in front of it, one in five SDKs a whole one. */
export async function singleServer({ sdks, haste, random }: TopologyOptions): Promise<Topology> {
  const server = await startServer({ limits: LIMITS });
  const proxy = await startStallProxy(server.port);
  const flags = await createFlags(server.api, 10);
  const full = Math.floor(sdks / 5);
  const crew: SwarmOptions = { url: proxy.url, key: server.serverKey, light: sdks - full, full, haste, flags };
  const clients = await startSwarm(crew);
  return {
    name: `1 server on SQLite, ${sdks} SDKs behind a proxy`,
    served: server,
    flags,
    clients,
    faults: [...processFaults(server, random), ...wireFaults(proxy, random)],
    async problems() {
      const { code, output } = await server.dimmer('doctor');
      return code === 0 ? [] : [`the doctor: ${output}`];
    },
    async stop() {
      await clients.stop();
      await proxy.close();
      await server.stop();
    },
  };
}

/**
 * Several servers on one PostgreSQL, one proxy in front of them that sends each new connection to the next, and an edge
 * behind the proxy, at which one in four clients is.
 */
export async function replicatedServers(count: number, options: TopologyOptions): Promise<Topology> {
  const { sdks, haste, random } = options;
  const postgres = await startPostgres();
  const env = { DIMMER_DATABASE_URL: await postgres.createDatabase() };
  const first = await startServer({ limits: LIMITS, env });
  const others = await Promise.all(Array.from({ length: count - 1 }, () => startServer({ limits: LIMITS, env })));
  const servers = [first, ...others];
  const proxy = await startStallProxy(...servers.map(({ port }) => port));
  const flags = await createFlags(first.api, 10);
  const edge = await startEdgeProcess(proxy.url, first.serverKey);
  const atEdge = Math.floor(sdks / 4);
  const crew = ({ url }: { readonly url: string }, size: number): SwarmOptions => {
    const full = Math.floor(size / 5);
    return { url, key: first.serverKey, light: size - full, full, haste, flags };
  };
  const clients = joinSwarms([
    await startSwarm({ ...crew(proxy, sdks - atEdge), processes: 2 }),
    await startSwarm({ ...crew(edge, atEdge), first: 2 * sdks }),
  ]);
  return {
    name: `${count} servers on PostgreSQL and an edge, ${sdks} SDKs`,
    // The last is broken only with all others: what is done to one of them is looked at there.
    served: servers.at(-1) ?? first,
    flags,
    clients,
    faults: [
      ...servers
        .slice(0, -1)
        .flatMap((server) => processFaults(server, random).filter(({ name }) => name !== 'full disk')),
      ...wireFaults(proxy, random),
      { name: 'kill PostgreSQL', begin: () => postgres.kill(), heal: () => postgres.restart() },
      { name: 'stop PostgreSQL', begin: async () => postgres.pause(), heal: async () => postgres.resume() },
      { name: 'kill the edge', begin: () => edge.kill(), heal: () => edge.restart() },
      rollingRestart(servers, proxy),
    ],
    async problems() {
      const { code, output } = await first.dimmer('doctor');
      return code === 0 ? [] : [`the doctor: ${output}`];
    },
    async stop() {
      await clients.stop();
      await edge.stop();
      await proxy.close();
      await Promise.all(servers.map((server) => server.stop()));
      await postgres.stop();
    },
  };
}

/** One server after the other goes and comes, as a deployment has it. */
function rollingRestart(servers: readonly ServerUnderTest[], proxy: StallProxy): ChaosFault {
  const portsBut = (gone?: ServerUnderTest): readonly number[] =>
    servers.filter((server) => server !== gone).map(({ port }) => port);
  return {
    name: 'rolling restart',
    async begin() {
      for (const server of servers) {
        proxy.retarget(...portsBut(server));
        await server.terminate();
        await server.restart();
        proxy.retarget(...portsBut());
      }
    },
    async heal() {},
  };
}
