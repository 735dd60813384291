import { createClient } from '@dimmer/sdk-node';
import type { Client, ClientOptions } from '@dimmer/sdk-node';
import { afterEach, vi } from 'vitest';
import { startStallProxy } from '../src/proxy/stall-proxy.ts';
import type { StallProxy } from '../src/proxy/stall-proxy.ts';
import { startServer } from '../src/server-under-test.ts';
import type { ServerUnderTest, ServerUnderTestOptions } from '../src/server-under-test.ts';
import { startSwarm } from '../src/swarm/swarm.ts';
import type { Swarm, SwarmOptions } from '../src/swarm/swarm.ts';
import { until } from '../src/until.ts';
import { headOf } from '../src/writer.ts';
import type { Served } from '../src/writer.ts';

// Several processes start in each test: a loaded machine must not fail one.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** `npm run faults -- --full` has the sizes and times of the matrix; the everyday run has smaller ones. */
export const FULL: boolean = process.env['FAULTS_FULL'] === '1';

/** The one size or the other. */
export const sized = (everyday: number, full: number): number => (FULL ? full : everyday);

/** Heartbeats so short that three of them are missed within four seconds. */
export const BRISK = { heartbeatMs: 1_000 } as const;

/** How long after healing a client may take whose delays are cut to a tenth: a delay of 3 s, then 5 s. */
export const HEALED_MS = 20_000;

const ends: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** To be done after the test. */
export function after(end: () => Promise<unknown> | void): void {
  ends.push(end);
}

/** A server for one test. */
export async function server(options: ServerUnderTestOptions = {}): Promise<ServerUnderTest> {
  const started = await startServer(options);
  after(() => started.stop());
  return started;
}

/** A proxy for one test. */
export async function proxy(...ports: readonly number[]): Promise<StallProxy> {
  const started = await startStallProxy(...ports);
  after(() => started.close());
  return started;
}

/** Clients for one test. Their delays are a tenth of the real ones. */
export async function swarm(options: SwarmOptions): Promise<Swarm> {
  const started = await startSwarm({ haste: 0.1, ...options });
  after(() => started.stop());
  return started;
}

/** An SDK for one test, with what it told. Its delays are a tenth of the real ones. */
export function sdk(options: ClientOptions): Told {
  const client = createClient(options, {
    clock: {
      now: () => performance.now(),
      wall: () => Date.now(),
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random() * 0.1,
  });
  after(() => client.close());
  const told: Told = { client, states: [], versions: [], errors: [] };
  client.on('status', ({ state }) => told.states.push(state));
  client.on('change', ({ version }) => told.versions.push(version));
  client.on('error', ({ code }) => told.errors.push(code));
  return told;
}

export interface Told {
  readonly client: Client;
  readonly states: string[];
  readonly versions: number[];
  readonly errors: string[];
}

/** Resolves once an SDK holds exactly what the server has. */
export async function caughtUp({ client }: Told, served: Served, ms = HEALED_MS): Promise<void> {
  await until(
    async () => {
      const { version, digest } = await headOf(served);
      const { status } = client;
      return status.state === 'live' && status.version === version && status.digest === digest;
    },
    { ms, what: () => `an SDK at the head; it is ${JSON.stringify(client.status)}` },
  );
}

/** Resolves once an SDK is in this state. */
export async function inState({ client }: Told, state: string, ms = HEALED_MS): Promise<void> {
  await until(() => client.status.state === state, { ms, what: () => `${state}; it is ${client.status.state}` });
}
