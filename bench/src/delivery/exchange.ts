// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heading, table, withSpread, type Verdict } from '../lib/print.ts';
import { ratio, spread } from '../lib/spread.ts';
import { startServer } from '../startup/children.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { FromBare, FromSwarm, ToBare, ToSwarm } from './messages.ts';
import type { Part } from './parts.ts';
import { serverArguments } from './probed.ts';
import { createWriter } from './writes.ts';
import type { Writer } from './writes.ts';

const SIZES = [1, 100, 1000];
const WARM_ROUNDS = 60;
const ROUNDS = 61;

/** The same four things in each round, in milliseconds. */
interface Samples {
  readonly live: number[];
  readonly bare: number[];
  readonly commit: number[];
  readonly write: number[];
}

/**
 * Measures how long a change takes from the HTTP request that makes it until the last of all connected sockets has
 * confirmed it, beside what nobody can do without: one durable commit, and one exchange with as many sockets.
 */
export const exchange: Part = async () => {
  const rows: string[][] = [];
  const verdicts: Verdict[] = [];
  for (const sockets of SIZES) {
    const { live, bare, commit, write } = await measure(sockets);
    const least = bare.map((ms, round) => ms + (commit[round] ?? 0));
    const times = ratio(live, least);
    rows.push([
      `${sockets} sockets`,
      ...[live, bare, commit].map((samples) => withSpread(spread(samples), ' ms')),
      withSpread(times),
      withSpread(spread(write), ' ms'),
    ]);
    if (sockets === 1000) {
      verdicts.push({ what: 'write to last receipt of 1,000 / exchange + commit', ratio: times, target: 2 });
    }
  }
  heading('Delivery: from the HTTP write until the last receipt was answered for');
  table(['', 'write to last receipt', 'bare exchange', 'durable commit', 'ratio', 'write, nobody there'], rows);
  return verdicts;
};

async function measure(sockets: number): Promise<Samples> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-delivery-'));
  const server = await startServer(join(folder, 'dimmer.db'), serverArguments());
  const bare = startChild<ToBare, FromBare>('bare-exchange', [join(folder, 'bare.db')]);
  const swarm = startChild<ToSwarm, FromSwarm>('swarm');
  const writer = createWriter(server.url);
  try {
    const key = await writer.prepare();
    const listening = await bare.hear();
    if (listening.kind !== 'listening') throw new Error('The bare server did not start');
    const [dimmerUrl, bareUrl] = [server.url.replace('http', 'ws'), `ws://127.0.0.1:${listening.port}`];
    swarm.tell({ kind: 'open', dimmer: dimmerUrl, key, bare: bareUrl, sockets });
    await swarm.hear();
    return await measureRounds(writer, bare, swarm, sockets);
  } finally {
    writer.close();
    await swarm.stop();
    await bare.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureRounds(
  writer: Writer,
  bare: Child<ToBare, FromBare>,
  swarm: Child<ToSwarm, FromSwarm>,
  sockets: number,
): Promise<Samples> {
  const samples: Samples = { live: [], bare: [], commit: [], write: [] };
  await writer.switchLive('production', false, sockets).catch(() => {});
  await writer.switchLive('production', true, sockets);
  const example = await swarm.hear();
  if (example.kind !== 'example') throw new Error('No delta came');
  for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
    const on = round % 2 === 0;
    const live = await timed(() => writer.switchLive('production', !on, sockets));
    const write = await timed(() => writer.switchLive('development', on, 0));
    const exchange = await took(bare, { kind: 'exchange', frame: example.frame });
    const commit = await took(bare, { kind: 'commit' });
    if (round < 0) continue;
    samples.live.push(live);
    samples.write.push(write);
    samples.bare.push(exchange);
    samples.commit.push(commit);
  }
  return samples;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function took(bare: Child<ToBare, FromBare>, message: ToBare): Promise<number> {
  bare.tell(message);
  const answer = await bare.hear();
  if (answer.kind !== 'took') throw new Error('The bare server did not measure');
  return answer.ms;
}
