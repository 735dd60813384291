// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load, wallMs } from '../lib/machine.ts';
import { heading, table, type Verdict } from '../lib/print.ts';
import { quantile } from '../lib/spread.ts';
import { createApi } from './api.ts';
import { startCrowd } from './crowd.ts';
import { inFolder, once, type Part } from './parts.ts';
import { startProbedServer } from './probed.ts';

const WARM_WRITES = 20;
/** Of the time, at the beginning and at the end, are compared. */
const QUARTER = 0.25;

/** Writes at a steady rate with many sockets: when the last socket has each, and whether it falls behind. */
export const steady: Part = async (options) => {
  const sockets = options.number('steady-sockets', 2_000);
  const rate = options.number('rate', 20);
  const writes = rate * options.number('seconds', 60);
  const verdicts: Verdict[] = [];
  await inFolder(async (folder) => {
    const crowd = startCrowd(sockets);
    const server = await startProbedServer(join(folder, 'dimmer.db'));
    const api = createApi(server.url);
    try {
      await api.makeSwitch();
      await crowd.open('sdk', sockets, { url: server.url, key: await api.makeKey('server') });
      for (let n = 0; n < WARM_WRITES; n += 1) await crowd.times('sdk', await api.flip(n % 2 === 0));
      await server.mark();
      const written: { sentAt: number; version: number }[] = [];
      const began = wallMs();
      for (let n = 0; n < writes; n += 1) {
        const dueAt = began + (n * 1000) / rate;
        await pause(Math.max(0, dueAt - wallMs()));
        // From when it was due: a server that cannot keep up makes the writer wait, which counts.
        written.push({ sentAt: dueAt, version: await api.flip((n + WARM_WRITES) % 2 === 0) });
      }
      const tookS = (wallMs() - began) / 1000;
      const lags: number[] = [];
      for (const { sentAt, version } of written) lags.push(((await crowd.times('sdk', version)).at(-1) ?? 0) - sentAt);
      const { cpuMs, loopP99Ms } = await server.cost();
      const quarter = Math.max(1, Math.floor(lags.length * QUARTER));
      const [first, last] = [quantile(lags.slice(0, quarter), 0.5), quantile(lags.slice(-quarter), 0.5)];
      heading(`${rate} writes a second with ${sockets.toLocaleString('en')} sockets; ${load()}`);
      const ms = (value: number): string => `${value.toFixed(0)} ms`;
      table(
        ['', 'p50', 'p99', 'most', 'median of first quarter', 'of last quarter'],
        [
          [
            'write due to last socket',
            ...[0.5, 0.99, 1].map((share) => ms(quantile(lags, share))),
            ms(first),
            ms(last),
          ],
        ],
      );
      console.log(
        `  ${writes} writes in ${tookS.toFixed(1)} s; server CPU ${(cpuMs / 10 / tookS).toFixed(0)} % of a core, ` +
          `${((cpuMs * 1000) / writes / sockets).toFixed(1)} µs a message with its receipt; event loop late p99 ${ms(loopP99Ms)}`,
      );
      verdicts.push({ what: 'lag of the last quarter of the writes / first', ratio: once(last / first), target: 1.5 });
    } finally {
      api.close();
      await crowd.stop();
      await server.stop();
    }
  });
  return verdicts;
};
