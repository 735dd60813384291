// npm run chaos -- --minutes N --seed S [--sdks 500] [--replicas 3]: faults at random under load, then the verdict.
import { parseArgs } from 'node:util';
import { seededRandom } from '../raw-stream.ts';
import { runChaos } from './run-chaos.ts';
import { replicatedServers, singleServer } from './topology.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    sdks: { type: 'string', default: '500' },
    replicas: { type: 'string', default: '3' },
  },
});

/** Of the real delays, so that recoveries do not fill the run. */
const HASTE = 0.2;
/** The longest of these delays, and 5 s; and once more, because an attempt may fall into the end of a fault. */
const REST_MS = 2 * 30_000 * HASTE + 5_000;

const replicas = Number(values.replicas);
const random = seededRandom(Number(values.seed));
console.log(`Seed ${values.seed}`);
const size = { sdks: Number(values.sdks), haste: HASTE, random };
const topology = replicas === 1 ? await singleServer(size) : await replicatedServers(replicas, size);
console.log(`${topology.name}, ${values.minutes} minutes`);
try {
  const minutes = Number(values.minutes);
  const print = (line: string): void => console.log(line);
  const verdict = await runChaos(topology, { minutes, random, restMs: REST_MS, print });
  const { rounds, acknowledged, failed, breaches } = verdict;
  console.log(`${rounds} faults, ${acknowledged} writes acknowledged, ${failed} not`);
  for (const breach of breaches) console.log(`BREACH ${breach}`);
  console.log(breaches.length === 0 ? `Everything held. Seed ${values.seed}` : `Broken. Seed ${values.seed}`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
} finally {
  await topology.stop();
}
