// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@dimmer/sdk-node';
import { heading, table, withSpread, type Verdict } from '../lib/print.ts';
import { ratio, spread } from '../lib/spread.ts';
import { output, script, startBareServer, startServer, untilFirstWord } from './children.ts';
import { seed, type Seeded } from './seed.ts';

const SIZES = [0, 1000, 10_000];
const PROCESS_ROUNDS = 9;
const WARM_ROUNDS = 40;

/** Measures start-up of the server and of `sdk-node` beside the least that a process doing the same must do. */
export async function run(): Promise<readonly Verdict[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-bench-'));
  try {
    const seeded: Seeded[] = [];
    for (const flags of SIZES) {
      console.log(`Filling a database with ${flags} flags`);
      seeded.push(await seed(folder, flags));
    }
    return [...(await serverStart(seeded)), ...(await sdkStart(seeded))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function serverStart(all: readonly Seeded[]): Promise<Verdict[]> {
  const rows: string[][] = [];
  const verdicts: Verdict[] = [];
  for (const { flags, database, rulesets } of all) {
    const ready: number[] = [];
    const parsed: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < PROCESS_ROUNDS; round += 1) {
      empty.push(await untilFirstWord(['-e', 'process.stdout.write("ready")']));
      parsed.push(await untilFirstWord([script('parse-files'), ...rulesets]));
      const server = await startServer(database);
      ready.push(server.readyMs);
      await server.stop();
    }
    const times = ratio(ready, parsed);
    rows.push([
      `${flags} flags`,
      ...[ready, parsed, empty].map((samples) => withSpread(spread(samples), ' ms')),
      withSpread(times),
    ]);
    if (flags === 10_000) {
      verdicts.push({
        what: 'server start with 10,000 flags / Node process that parses its rulesets',
        ratio: times,
        target: 3,
      });
    }
  }
  heading('Server: from starting the process until /readyz answers');
  table(['', 'server', 'Node + JSON.parse', 'empty Node', 'server / parse'], rows);
  return verdicts;
}

async function sdkStart(all: readonly Seeded[]): Promise<Verdict[]> {
  const rows: string[][] = [];
  const verdicts: Verdict[] = [];
  for (const seeded of all) {
    const server = await startServer(seeded.database);
    const bare = await startBareServer(seeded.production);
    try {
      const fresh = await freshProcesses(server.url, seeded.serverKey, bare.url);
      const warm = await warmProcess(server.url, seeded.serverKey, bare.url);
      for (const [name, { sdk, fetched }] of Object.entries({ 'fresh process': fresh, 'warm process': warm })) {
        const times = ratio(sdk, fetched);
        rows.push([
          `${seeded.flags} flags, ${name}`,
          withSpread(spread(sdk), ' ms'),
          withSpread(spread(fetched), ' ms'),
          withSpread(times),
        ]);
        if (seeded.flags === 1000)
          verdicts.push({
            what: `sdk-node ready with 1,000 flags / fetch and parse, ${name}`,
            ratio: times,
            target: 2,
          });
      }
    } finally {
      await bare.stop();
      await server.stop();
    }
  }
  heading('sdk-node: until ready() resolves with live');
  table(['', 'sdk-node', 'fetch + JSON.parse', 'ratio'], rows);
  return verdicts;
}

interface Pair {
  readonly sdk: readonly number[];
  readonly fetched: readonly number[];
}

/** As after a deployment: loading the code and compiling it counts, for both. */
async function freshProcesses(url: string, key: string, bareUrl: string): Promise<Pair> {
  const sdk: number[] = [];
  const fetched: number[] = [];
  for (let round = 0; round < PROCESS_ROUNDS; round += 1) {
    fetched.push(Number(await output([script('ready-fetch'), bareUrl])));
    sdk.push(Number(await output([script('ready-sdk'), url, key])));
  }
  return { sdk, fetched };
}

/** The work alone: code loaded and hot, a new connection each time. */
async function warmProcess(url: string, key: string, bareUrl: string): Promise<Pair> {
  const sdk: number[] = [];
  const fetched: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round += 1) {
    const beforeFetch = performance.now();
    const response = await fetch(bareUrl, { headers: { connection: 'close' } });
    JSON.parse(await response.text());
    fetched.push(performance.now() - beforeFetch);
    const beforeClient = performance.now();
    const client = createClient({ url, key });
    await client.ready();
    sdk.push(performance.now() - beforeClient);
    await client.close();
  }
  return { sdk: sdk.slice(10), fetched: fetched.slice(10) };
}
