import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Storage } from '../storage/storage.ts';
import { openDoor, type Door } from '../testing/open-door.ts';
import { pruneLogs } from './retention.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  await door.commit({ kind: 'flag.create', input: { key: 'f' } });
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const toggle = (enabled: boolean) =>
  door.commit({ kind: 'settings.update', flag: 'f', environment: 'production', input: { enabled } });

it('a long log is pruned in slices, between which writes are made; the state stays what it was', async () => {
  for (let version = 3; version <= 12; version += 1) await toggle(version % 2 === 1);
  const id = await door.environmentId('production');
  const before = await door.rulesets.at(id, 11);
  const left: number[] = [];
  const storage: Pick<Storage, 'read' | 'transaction'> = {
    read: (work) => door.storage.read(work),
    async transaction(work) {
      const result = await door.storage.transaction(work);
      left.push(await door.storage.read((tx) => tx.log.count(id)));
      // Nobody waits for the whole of it.
      if (left.length === 2) await toggle(true);
      return result;
    },
  };

  await pruneLogs(storage, door.clock.now, { ageMs: 1e12, versions: 2, slice: 3 });

  // 12 versions, of which three at a time go, one that is made in between, and the two that are kept.
  expect(left.filter((_, index) => index > 0).every((count, index) => (left[index] ?? 0) - count <= 3)).toBe(true);
  expect(left.at(-1)).toBe(2);
  expect(await door.rulesets.at(id, 11)).toEqual(before);
  expect(await door.rulesets.at(id, 10)).toBeUndefined();
});
