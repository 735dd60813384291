// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../lib/machine.ts';
import { heading, table, withSpread, type Verdict } from '../lib/print.ts';
import { quantile, ratio, spread, type Spread } from '../lib/spread.ts';
import { createApi, SWITCH, type Api } from './api.ts';
import { startCrowd, type Crowd } from './crowd.ts';
import { inFolder, once, type Part } from './parts.ts';
import { startBareBroadcast, startProbedServer, type Probed } from './probed.ts';

const KIB = 1024;
const WARM_ROUNDS = 5;
/** Opened before memory is looked at, so that what the first connection loads is not counted. */
const WARM_SOCKETS = 20;
/** In these rounds somebody asks the API meanwhile; their times are not compared. */
const ASKED_ROUNDS = 7;
const ASK_EVERY_MS = 10;
/** Receipts may come this much after the last delivery. */
const RECEIPTS_MS = 1_200;
/** After this long every client has been told how long to hold its receipts back, now that so many are there. */
const TOLD_MS = 18_000;
/** From so many on they are held back at all. */
const MANY = 2_000;

/** What was measured of one server, one number for each round. */
interface Side {
  readonly p50: number[];
  readonly p99: number[];
  readonly last: number[];
  readonly usPerMessage: number[];
  readonly loopP99: number[];
  /** Bytes of memory for each connection. */
  readonly rss: number;
  readonly used: number;
}

interface Measured {
  readonly dimmer: Side;
  readonly bare: Side;
  /** The bare server again, with clients that confirm as those of Dimmer do. */
  readonly answered: Side;
  /** How long the API took to answer while a change went out, and while nothing did. */
  readonly busyMs: readonly number[];
  readonly idleMs: readonly number[];
  readonly messageBytes: number;
}

interface Servers {
  readonly dimmer: Probed;
  readonly bare: Probed;
  readonly crowd: Crowd;
  readonly api: Api;
  /** Asks beside the one that writes. */
  readonly asking: Api;
}

/**
 * From the commit of a change until each of so many sockets has it, beside a bare server that sends the same bytes,
 * framed once, to as many.
 */
export const propagation: Part = async (options, figures) => {
  const verdicts: Verdict[] = [];
  const rounds = options.number('rounds', 21);
  for (const sockets of options.numbers('sockets', [1_000, 5_000, 10_000])) {
    const measured = await inFolder((folder) => measure(join(folder, 'dimmer.db'), sockets, rounds));
    print(sockets, measured);
    verdicts.push(...judge(sockets, measured));
    figures.usPerMessage = spread(measured.dimmer.usPerMessage).median;
    figures.messageBytes = measured.messageBytes;
    figures.bytesPerConnection = measured.dimmer.rss;
    figures.lastMs.set(sockets, spread(measured.dimmer.last).median);
  }
  return verdicts;
};

async function measure(database: string, sockets: number, rounds: number): Promise<Measured> {
  const crowd = startCrowd(sockets, 2);
  const dimmer = await startProbedServer(database);
  const bare = await startBareBroadcast();
  const [api, asking] = [createApi(dimmer.url), createApi(dimmer.url)];
  const servers = { dimmer, bare, crowd, api, asking };
  try {
    await api.makeSwitch();
    const key = await api.makeKey('server');
    const memory = {
      dimmer: await open(servers, 'dimmer', key, sockets),
      bare: await open(servers, 'bare', '', sockets),
    };
    if (sockets > MANY) await pause(TOLD_MS);
    return await measureRounds(servers, memory, rounds);
  } finally {
    api.close();
    asking.close();
    await crowd.stop();
    await Promise.all([dimmer.stop(), bare.stop()]);
  }
}

type PerConnection = Pick<Side, 'rss' | 'used'>;

/** Opens all sockets to one of the servers; answers with what each takes in its memory. */
async function open(servers: Servers, which: 'dimmer' | 'bare', key: string, sockets: number): Promise<PerConnection> {
  const server = servers[which];
  const mode = which === 'dimmer' ? 'sdk' : 'bare';
  const warm = Math.min(WARM_SOCKETS, sockets - 1);
  await servers.crowd.open(mode, warm, { url: server.url, key });
  const before = await server.memory();
  await servers.crowd.open(mode, sockets - warm, { url: server.url, key, from: warm });
  const after = await server.memory();
  const each = (bytes: number): number => bytes / (sockets - warm);
  return { rss: each(after.rss - before.rss), used: each(after.used - before.used) };
}

async function measureRounds(
  servers: Servers,
  memory: { readonly dimmer: PerConnection; readonly bare: PerConnection },
  rounds: number,
): Promise<Measured> {
  const { bare, crowd, api } = servers;
  const side = (each: PerConnection): Side => ({ p50: [], p99: [], last: [], usPerMessage: [], loopP99: [], ...each });
  const sides = { dimmer: side(memory.dimmer), bare: side(memory.bare), answered: side(memory.bare) };
  let sent = 0;
  const broadcast = async (into: Side, jitterMs: number | null, isCounted: boolean): Promise<void> => {
    await crowd.letBareAnswer(jitterMs);
    await bare.mark();
    const sentAt = await bare.broadcast(frame);
    const arrived = await crowd.times('bare', (sent += 1));
    if (jitterMs !== null) await pause(RECEIPTS_MS);
    const cost = await bare.cost();
    if (isCounted) add(into, arrived, sentAt, cost);
  };
  const [busyMs, idleMs]: number[][] = [[], []];
  await api.flip(true).then((version) => crowd.times('sdk', version));
  const frame = crowd.example();
  for (let round = 1 - WARM_ROUNDS; round <= rounds + ASKED_ROUNDS; round += 1) {
    const isAsked = round > rounds;
    await servers.dimmer.mark();
    const asked = isAsked ? askUntilStopped(servers.asking) : undefined;
    const { version, committedAt } = await api.flipTimed((round + WARM_ROUNDS) % 2 === 0);
    const arrived = await crowd.times('sdk', version);
    const busy = (await asked?.()) ?? [];
    await pause(RECEIPTS_MS);
    const cost = await servers.dimmer.cost();
    if (isAsked) {
      busyMs?.push(...busy);
      const idle = askUntilStopped(servers.asking);
      await pause(ASK_EVERY_MS * 10);
      idleMs?.push(...(await idle()));
      continue;
    }
    await broadcast(sides.bare, null, round > 0);
    await broadcast(sides.answered, receiptJitterMs(arrived.length), round > 0);
    if (round <= 0) continue;
    add(sides.dimmer, arrived, committedAt, cost);
  }
  return { ...sides, busyMs: busyMs ?? [], idleMs: idleMs ?? [], messageBytes: Buffer.byteLength(frame) };
}

/** What the server asks of its clients when so many are connected, as `HUB_LIMITS` of the hub has it. */
function receiptJitterMs(sockets: number): number {
  return sockets <= MANY ? 0 : Math.min(1_000, sockets / 10);
}

function add(
  side: Side,
  arrived: readonly number[],
  since: number,
  cost: { readonly cpuMs: number; readonly loopP99Ms: number },
): void {
  side.p50.push(quantile(arrived, 0.5) - since);
  side.p99.push(quantile(arrived, 0.99) - since);
  side.last.push((arrived.at(-1) ?? since) - since);
  side.usPerMessage.push((cost.cpuMs * 1000) / arrived.length);
  side.loopP99.push(cost.loopP99Ms);
}

/** Asks for a flag again and again; the answer stops that and tells how long each took. */
function askUntilStopped(api: Api): () => Promise<number[]> {
  const took: number[] = [];
  const stop = new AbortController();
  const asking = (async () => {
    while (!stop.signal.aborted) {
      const begun = performance.now();
      await api.send('GET', `/flags/${SWITCH}`);
      took.push(performance.now() - begun);
      await pause(ASK_EVERY_MS);
    }
  })();
  return async () => {
    stop.abort();
    await asking;
    return took;
  };
}

function print(sockets: number, { dimmer, bare, answered, busyMs, idleMs, messageBytes }: Measured): void {
  heading(`Propagation to ${sockets.toLocaleString('en')} sockets, ${messageBytes} bytes each; ${load()}`);
  const ms = (samples: readonly number[]): string => withSpread(spread(samples), ' ms');
  const row = (name: string, of: (side: Side) => readonly number[], show = ms): string[] => [
    name,
    show(of(dimmer)),
    show(of(bare)),
    withSpread(ratio(of(dimmer), of(bare))),
    show(of(answered)),
    withSpread(ratio(of(dimmer), of(answered))),
  ];
  const kib = (name: string, of: (side: Side) => number): string[] => [
    name,
    `${(of(dimmer) / KIB).toFixed(1)} KiB`,
    `${(of(bare) / KIB).toFixed(1)} KiB`,
    (of(dimmer) / of(bare)).toFixed(2),
    '',
    '',
  ];
  table(
    ['', 'Dimmer, from its commit', 'bare ws broadcast', 'ratio', 'bare, confirmed', 'ratio'],
    [
      row('p50', (side) => side.p50),
      row('p99', (side) => side.p99),
      row('last', (side) => side.last),
      row(
        'CPU a message (Dimmer: and its receipt)',
        (side) => side.usPerMessage,
        (samples) => withSpread(spread(samples), ' µs'),
      ),
      row('event loop late, p99', (side) => side.loopP99),
      kib('memory a connection (RSS)', (side) => side.rss),
      kib('of which objects and buffers', (side) => side.used),
    ],
  );
  const told = (name: string, samples: readonly number[]): string =>
    `${name} p50 ${quantile(samples, 0.5).toFixed(1)} ms, p99 ${quantile(samples, 0.99).toFixed(1)} ms (${samples.length})`;
  console.log(`  HTTP answers: ${told('while a change goes out', busyMs)}; ${told('otherwise', idleMs)}`);
}

function judge(sockets: number, { dimmer, bare }: Measured): Verdict[] {
  const of = `of ${sockets.toLocaleString('en')}`;
  const loop: Spread = spread(dimmer.loopP99);
  return [
    { what: `commit to last ${of} / bare broadcast`, ratio: ratio(dimmer.last, bare.last), target: 1.3 },
    {
      what: `memory a connection ${of} above bare`,
      ratio: once((dimmer.rss - bare.rss) / KIB),
      target: 2,
      unit: 'KiB',
    },
    { what: `event loop late, p99, ${of}`, ratio: loop, target: 25, unit: 'ms' },
  ];
}
