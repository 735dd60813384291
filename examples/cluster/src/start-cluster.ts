import { randomBytes } from 'node:crypto';
import { createClient, type Client } from '@dimmer/sdk-node';
import { createApi } from './api.ts';
import type { Balancer, BalancerOptions } from './balancer.ts';
import { openDatabase, type Database } from './database.ts';
import { startDimmerServer, type DimmerServer } from './dimmer-server.ts';
import { findNginx, startNginx } from './nginx.ts';
import { startNodeBalancer } from './node-balancer.ts';
import { choosePorts } from './ports.ts';

/** What may be chosen. */
export interface ClusterOptions {
  /** How many Dimmer servers; default 2. */
  readonly servers?: number;
  /** How many SDK clients; default 6. */
  readonly clients?: number;
  /** Of the balancer; the servers take those that follow. 0: whichever are free. Default 8420. */
  readonly port?: number;
  /** A PostgreSQL database to use and to keep; default: a fresh one, which ends with the cluster. */
  readonly databaseUrl?: string | undefined;
  /** Default: nginx if it is on the path. */
  readonly balancer?: 'nginx' | 'node' | undefined;
  /** Time in ms after which a server that has ended is started again; default 2000. */
  readonly restartMs?: number;
  /** Gets a line now and then about what happens. */
  readonly say?: (line: string) => void;
}

/** One database, several servers, one address in front of them, and clients that use it. */
export interface Cluster {
  /** Of the balancer. */
  readonly url: string;
  /** An owner's API token, until the cluster ends. */
  readonly adminToken: string;
  readonly serverKey: string;
  readonly database: Database;
  readonly balancer: Balancer;
  readonly servers: readonly DimmerServer[];
  readonly clients: readonly Client[];
  stop(): Promise<void>;
}

/** The flag that the example watches. */
export const FLAG = 'cluster-demo';

/** Starts everything; what was started ends again when something cannot be. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { servers: count = 2, clients: clientCount = 6, port: first = 8420 } = options;
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // Last come, first gone: clients, balancer, servers, database.
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const [port = 0, ...serverPorts] = await choosePorts(first, count + 1);
    const database = await openDatabase(options.databaseUrl);
    ends.push(() => database.stop());
    const url = `http://localhost:${port}`;
    const adminToken = randomBytes(32).toString('hex');
    const servers = await startServers(serverPorts, { ...options, url, databaseUrl: database.url, adminToken });
    ends.push(async () => void (await Promise.all(servers.map((server) => server.stop()))));
    const balancer = await startBalancer({ port, servers: serverPorts }, options.balancer);
    ends.push(() => balancer.stop());
    const api = createApi(url, adminToken);
    await api.createFlag(FLAG);
    const { key, revoke } = await api.createKey();
    ends.push(revoke);
    const clients = Array.from({ length: clientCount }, () => createClient({ url, key, appVersion: 'cluster' }));
    ends.push(async () => void (await Promise.all(clients.map((client) => client.close()))));
    await Promise.all(clients.map((client) => client.ready({ timeoutMs: 15_000 })));
    return { url, adminToken, serverKey: key, database, balancer, servers, clients, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Shared extends ClusterOptions {
  readonly url: string;
  readonly databaseUrl: string;
  readonly adminToken: string;
}

/** One after the other: the first makes the tables, and the link of the last is the one that makes an account. */
async function startServers(ports: readonly number[], shared: Shared): Promise<DimmerServer[]> {
  const { url, databaseUrl, adminToken, restartMs = 2000, say = () => {} } = shared;
  const servers: DimmerServer[] = [];
  try {
    for (const port of ports)
      servers.push(await startDimmerServer({ port, publicUrl: url, databaseUrl, adminToken, restartMs, say }));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

async function startBalancer(options: BalancerOptions, wanted: ClusterOptions['balancer']): Promise<Balancer> {
  const nginx = wanted === 'node' ? undefined : await findNginx();
  if (nginx !== undefined) return startNginx(nginx, options);
  if (wanted === 'nginx') throw new Error('There is no nginx on the path');
  return startNodeBalancer(options);
}
