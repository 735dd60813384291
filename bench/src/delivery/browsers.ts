// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../lib/machine.ts';
import { heading, table, withSpread } from '../lib/print.ts';
import { quantile, spread } from '../lib/spread.ts';
import { createApi, SWITCH, type Api } from './api.ts';
import { startCrowd, type Crowd } from './crowd.ts';
import { inFolder, type Part } from './parts.ts';
import { startProbedServer, type Probed } from './probed.ts';

const WARM_ROUNDS = 3;
const ROUNDS = 15;
/** After the last delivery, for receipts. */
const RECEIPTS_MS = 350;

interface Samples {
  readonly p50: number[];
  readonly last: number[];
  readonly cpuMs: number[];
  readonly reached: number[];
}

/** One change beside many client-visible flags, with as many contexts as browsers. */
export const browsers: Part = async (options) => {
  const sockets = options.number('browsers', 2_000);
  const flags = options.number('browser-flags', 200);
  await inFolder(async (folder) => {
    const crowd = startCrowd(sockets);
    const server = await startProbedServer(join(folder, 'dimmer.db'));
    const api = createApi(server.url);
    try {
      await prepare(api, flags);
      await crowd.open('browser', sockets, { url: server.url, key: await api.makeKey('client') });
      const rows: string[][] = [];
      for (const [name, change] of Object.entries(CHANGES)) {
        const { p50, last, cpuMs, reached } = await measure(crowd, server, api, change);
        const ms = (samples: readonly number[]): string => withSpread(spread(samples), ' ms');
        const each = reached.map((count, round) => ((cpuMs[round] ?? 0) * 1000) / Math.max(1, count));
        rows.push([
          name,
          spread(reached).median.toFixed(0),
          ms(p50),
          ms(last),
          ms(cpuMs),
          withSpread(spread(each), ' µs'),
        ]);
      }
      heading(`${sockets.toLocaleString('en')} browsers, each a context of its own, ${flags} flags; ${load()}`);
      table(['change', 'reached', 'commit to p50', 'to last', 'server CPU', 'each reached'], rows);
    } finally {
      api.close();
      await crowd.stop();
      await server.stop();
    }
  });
  return [];
};

type Change = (api: Api, odd: boolean) => Promise<unknown>;

const CHANGES: Readonly<Record<string, Change>> = {
  'a flag switched for all': (api, odd) => patch(api, SWITCH, { enabled: odd }),
  'a rule by country': (api, odd) =>
    patch(api, 'by-country', {
      enabled: true,
      rules: [{ id: 'country', if: { attr: 'country', in: odd ? ['at', 'ch'] : ['cn', 'jp'] }, serve: 'on' }],
    }),
  'a rollout from 10 to 60 % and back': (api, odd) =>
    api.send('PUT', '/flags/rolled/settings/production/rollout', { percent: odd ? 60 : 10, enabled: true }),
};

function patch(api: Api, flag: string, settings: object): Promise<string> {
  return api.send('PATCH', `/flags/${flag}/settings/production`, settings);
}

async function prepare(api: Api, flags: number): Promise<void> {
  await api.makeSwitch(true);
  for (const key of ['by-country', 'rolled']) await api.send('POST', '/flags', { key, clientVisible: true });
  const changes: unknown[] = [];
  for (let n = 3; n < flags; n += 1) {
    const flag = `checkout-step-${n}`;
    await api.send('POST', '/flags', { key: flag, clientVisible: true });
    const rules = [{ id: 'staff', if: { attr: 'email', endsWith: ['@example.com'] }, serve: 'on' }];
    if (n % 3 === 0) changes.push({ flag, settings: { enabled: true } });
    if (n % 3 === 1) changes.push({ flag, rollout: { percent: n % 100, enabled: true } });
    if (n % 3 === 2) changes.push({ flag, settings: { enabled: true, rules } });
  }
  if (changes.length > 0) await api.send('POST', '/environments/production/change-sets', { changes });
}

async function measure(crowd: Crowd, server: Probed, api: Api, change: Change): Promise<Samples> {
  const samples: Samples = { p50: [], last: [], cpuMs: [], reached: [] };
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
    await server.mark();
    const answer: { changeId: string | null; versions: Record<string, number> } = JSON.parse(
      String(await change(api, round % 2 === 0)),
    );
    // Not all are affected, so that nobody knows how many will come: the receipts say when all have it.
    await untilLive(api, answer.versions['production'] ?? 0);
    const { at: committed }: { at: string } = JSON.parse(await api.send('GET', `/changes/${answer.changeId}`));
    await pause(RECEIPTS_MS);
    const { cpuMs } = await server.cost();
    const at = await crowd.timesSoFar('browser', answer.versions['production'] ?? 0);
    if (round < WARM_ROUNDS || at.length === 0) continue;
    const since = Date.parse(committed);
    samples.p50.push(quantile(at, 0.5) - since);
    samples.last.push((at.at(-1) ?? since) - since);
    samples.cpuMs.push(cpuMs);
    samples.reached.push(at.length);
  }
  return samples;
}

async function untilLive(api: Api, version: number): Promise<void> {
  for (;;) {
    const receipts: { complete: boolean } = JSON.parse(
      await api.send('GET', `/environments/production/versions/${version}/receipts`),
    );
    if (receipts.complete) return;
    await pause(50);
  }
}
