// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { BACKOFF_CAP_MS } from '@dimmer/core/replica';
import { load, wallMs } from '../lib/machine.ts';
import { heading, table, type Verdict } from '../lib/print.ts';
import { quantile } from '../lib/spread.ts';
import { freePort } from '../startup/children.ts';
import { seed } from '../startup/seed.ts';
import { startCrowd } from './crowd.ts';
import { inFolder, once, type Part } from './parts.ts';
import { startProbedServer } from './probed.ts';

const MIB = 2 ** 20;
const ALLOWANCE_MS = 5_000;

/**
 * A server that many hang on is killed and started again: how long until each client, which reconnects as the SDK
 * does, is served again, with what it holds (`current`) and having forgotten it (a snapshot each).
 */
export const storm: Part = async (options) => {
  const sockets = options.number('storm-sockets', 10_000);
  const flags = options.number('storm-flags', 420);
  const target = (BACKOFF_CAP_MS + ALLOWANCE_MS) / 1000;
  const verdicts: Verdict[] = [];
  await inFolder(async (folder) => {
    const seeded = await seed(folder, flags);
    const port = await freePort();
    let server = await startProbedServer(seeded.database, port);
    const crowd = startCrowd(sockets);
    try {
      const opening = await crowd.open('link', sockets, { url: server.url, key: seeded.serverKey });
      const kib = Math.round(opening.bytes / sockets / 1024);
      const rows: string[][] = [];
      for (const how of ['with what they hold', 'with nothing'] as const) {
        if (how === 'with nothing') await crowd.forget();
        const killedAt = wallMs();
        await server.kill();
        server = await startProbedServer(seeded.database, port);
        const readyAt = wallMs();
        const at = await crowd.served();
        const { cpuMs } = await server.cost();
        const { maxRss } = await server.memory();
        const seconds = (share: number): string => `${((quantile(at, share) - killedAt) / 1000).toFixed(1)} s`;
        const last = ((at.at(-1) ?? killedAt) - killedAt) / 1000;
        rows.push([
          how,
          `${((readyAt - killedAt) / 1000).toFixed(1)} s`,
          ...[0.5, 0.99, 1].map(seconds),
          `${(cpuMs / 1000).toFixed(1)} s`,
          `${Math.round(maxRss / MIB)} MiB`,
        ]);
        const what = `storm of ${sockets.toLocaleString('en')} ${how}`;
        verdicts.push(
          { what: `${what}, kill to last served`, ratio: once(last), target, unit: 's' },
          { what: `${what}, most memory of the server`, ratio: once(maxRss / MIB), target: 200, unit: 'MiB' },
        );
      }
      heading(`Reconnect storm: ${sockets.toLocaleString('en')} clients, a ruleset of ${kib} KiB; ${load()}`);
      table(['clients come back', 'server ready', 'half served', '99 %', 'last', 'server CPU', 'most RSS'], rows);
      console.log('  Times from the SIGKILL. Clients wait at random, up to 1 s, 2 s … 30 s before each attempt.');
    } finally {
      await crowd.stop();
      await server.stop();
    }
  });
  return verdicts;
};
