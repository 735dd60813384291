// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { load } from '../lib/machine.ts';
import { heading, table, withSpread } from '../lib/print.ts';
import { quantile, ratio, spread } from '../lib/spread.ts';
import { seed } from '../startup/seed.ts';
import { startCrowd } from './crowd.ts';
import { inFolder, type Part } from './parts.ts';
import { startProbedServer } from './probed.ts';

const ROUNDS = 6;

/** What it costs to answer a client that comes back with the head (`current`), beside one that comes with nothing. */
export const resumeCost: Part = async (options) => {
  const sockets = options.number('resume-sockets', 500);
  await inFolder(async (folder) => {
    const seeded = await seed(folder, options.number('resume-flags', 420));
    const server = await startProbedServer(seeded.database);
    const crowd = startCrowd(sockets);
    const to = { url: server.url, key: seeded.serverKey };
    let { cursor } = await crowd.open('sdk', 1, to);
    const come = async (held: string | undefined) => {
      await server.mark();
      const opening = await crowd.open('sdk', sockets, { ...to, ...(held === undefined ? {} : { cursor: held }) });
      const { cpuMs } = await server.cost();
      await crowd.close('sdk');
      cursor ||= opening.cursor;
      return {
        us: (cpuMs * 1000) / sockets,
        bytes: opening.bytes / sockets,
        ms: quantile(opening.tookMs, 0.5),
      };
    };
    type Came = Awaited<ReturnType<typeof come>>;
    const [current, snapshot]: [Came[], Came[]] = [[], []];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [first, second] = [await come(cursor), await come(undefined)];
        // The first round warms both up.
        if (round === 0) continue;
        current.push(first);
        snapshot.push(second);
      }
    } finally {
      await crowd.stop();
      await server.stop();
    }
    heading(`Resuming: ${sockets} clients come at once; ${load()}`);
    const row = (name: string, unit: string, of: (came: Came) => number): string[] => [
      name,
      withSpread(spread(current.map(of)), unit),
      withSpread(spread(snapshot.map(of)), unit),
      withSpread(ratio(snapshot.map(of), current.map(of))),
    ];
    table(
      ['each client', 'current', 'snapshot', 'snapshot / current'],
      [
        row('bytes, welcome included', ' B', ({ bytes }) => bytes),
        row('server CPU, handshake included', ' µs', ({ us }) => us),
        row('from connecting to answered, p50', ' ms', ({ ms }) => ms),
      ],
    );
  });
  return [];
};
