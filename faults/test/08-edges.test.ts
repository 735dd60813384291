import { expect, test } from 'vitest';
import { startEdge } from '../src/edge-under-test.ts';
import { until } from '../src/until.ts';
import { createFlags, headOf, mustRollOut } from '../src/writer.ts';
import { after, caughtUp, HEALED_MS, inState, proxy, sdk, server } from './support.ts';

test(
  'fault 50: an edge without its upstream serves what it has, after a restart too, tells how old it is, and resumes',
  { timeout: 120_000 },
  async () => {
    const origin = await server();
    await createFlags(origin.api, 1);
    await mustRollOut(origin.api, 'flag-0', 100);
    // Closed at once: its port is one that nobody uses.
    const free = await proxy(origin.port);
    const port = Number(new URL(free.url).port);
    await free.close();
    const edge = await startEdge({ upstream: origin.url, key: origin.serverKey, port });
    after(() => edge.stop());
    const atEdge = { ...origin, url: edge.url };
    const told = sdk({ url: edge.url, key: origin.serverKey });
    await caughtUp(told, origin);
    const head = await headOf(origin);

    await origin.kill();
    const late = sdk({ url: edge.url, key: origin.serverKey });
    await caughtUp(late, atEdge);
    expect(late.client.isEnabled('flag-0')).toBe(true);
    expect(told.states).toEqual(['live']);
    await edge.restart();
    expect(await headOf(atEdge)).toEqual(head);
    const age = async (): Promise<number> => Number((await fetch(`${edge.url}/readyz`)).headers.get('dimmer-stale-ms'));
    await until(async () => (await age()) > 0, { ms: HEALED_MS, what: () => 'an edge that tells its age' });
    await inState(told, 'live');
    expect(told.client.isEnabled('flag-0')).toBe(true);

    await origin.restart();
    await mustRollOut(origin.api, 'flag-0', 0);
    for (const one of [told, late]) await caughtUp(one, origin, 60_000);
    expect(told.client.isEnabled('flag-0')).toBe(false);
  },
);
