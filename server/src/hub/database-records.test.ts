import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDoor, type Door } from '../testing/open-door.ts';
import { createDatabaseRecords } from './database-records.ts';

const DAY_MS = 24 * 3_600_000;

let door: Door;
let production: string;
beforeEach(async () => {
  door = await openDoor();
  production = await door.environmentId('production');
  door.clock.now += 10 * DAY_MS;
});
afterEach(() => door.close());

const inUse = async () => [...(await createDatabaseRecords(door.storage).environmentsInUse(door.clock.now))];

async function use(at: number): Promise<void> {
  const input = { kind: 'server', name: 'shop' } as const;
  const { created } = await door.commit({ kind: 'key.create', environment: 'production', input });
  await door.storage.transaction((tx) => tx.keys.touch(created?.id ?? '', at));
}

it('expects nobody back where nothing ever connected', async () => {
  expect(await inUse()).toEqual([]);
});

it('expects instances back where a key was used in the last day, and not where it was before', async () => {
  await use(door.clock.now - 2 * DAY_MS);
  expect(await inUse()).toEqual([]);
  await use(door.clock.now - DAY_MS / 2);
  expect(await inUse()).toEqual([production]);
});

it('expects instances back where flags were evaluated in the last day', async () => {
  const lastAt = door.clock.now - DAY_MS / 2;
  const count = { flag: 'f', hour: lastAt - (lastAt % 3_600_000), count: 1, lastAt };
  await door.storage.transaction((tx) => tx.usage.add(production, [count]));
  expect(await inUse()).toEqual([production]);
});

it('expects instances back where the last version was counted to have reached some', async () => {
  const put = (instances: number) =>
    door.storage.transaction((tx) =>
      tx.receipts.put({
        environmentId: production,
        version: 1,
        summary: JSON.stringify({ instances }),
        at: door.clock.now,
      }),
    );
  await put(0);
  expect(await inUse()).toEqual([]);
  await put(3);
  expect(await inUse()).toEqual([production]);
});
