import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeClock, type FakeClock } from '../hub/testing/fake-clock.ts';
import { createLog } from '../log.ts';
import type { Service } from '../service.ts';
import { openDoor, type Door } from '../testing/open-door.ts';
import { createEnvironmentExpiry } from './environment-expiry.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const HOUR = 3_600_000;

let door: Door;
let clock: FakeClock;
let expiry: Service;

beforeEach(async () => {
  door = await openDoor();
  clock = createFakeClock(door.clock.now);
  expiry = createEnvironmentExpiry({ ...door, clock, log: createLog({ level: 'silent', format: 'json' }) });
  const expiresAt = new Date(clock.now() + HOUR).toISOString();
  await door.commit({ kind: 'environment.create', input: { key: 'preview', expiresAt } });
  await door.commit({ kind: 'key.create', environment: 'preview', input: { kind: 'server', name: 'preview' } });
});
afterEach(async () => {
  await expiry.stop();
  await door.close();
});

const names = async (): Promise<string[]> => (await door.listEnvironments('default')).value.items.map(({ key }) => key);

test('a temporary environment is removed once its time is over, with its keys, in the history', async () => {
  await expiry.run();
  clock.advance(HOUR - 60_000);
  expect(await names()).toContain('preview');

  clock.advance(60_000);
  await vi.waitFor(async () => expect(await names()).toEqual(['development', 'production']), 20_000);

  expect(door.revoked).toHaveLength(1);
  expect((await door.listChanges('default', {})).value.items[0]).toMatchObject({
    actor: { kind: 'system', name: 'expiry' },
    comment: 'Its time was over.',
    effects: [{ object: { kind: 'environment', key: 'preview' }, action: 'delete' }],
  });
  expect(await door.problems()).toEqual([]);
});

test('what expired while no server ran is removed at the start', async () => {
  clock.advance(2 * HOUR);
  await expiry.run();
  expect(await names()).toEqual(['development', 'production']);
});
