import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';
import { doctor } from './doctor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  await door.commit({ kind: 'flag.create', input: { key: 'f' } });
  await door.commit({ kind: 'settings.update', flag: 'f', environment: 'production', input: { enabled: true } });
});
afterEach(() => door.close());

describe('the doctor', () => {
  it('finds nothing wrong with a database that only the server wrote', async () => {
    expect(await doctor(door.storage)).toEqual([]);
  });

  it.each([
    ["UPDATE ruleset_objects SET h = 'ffffffffffffffff' WHERE key = 'f'", 'digest', /add up to/],
    ["UPDATE flag_settings SET enabled = 0 WHERE flag = 'f'", 'digest', /served differently/],
    ["DELETE FROM ruleset_objects WHERE key = 'f'", 'digest', /not served/],
    ['DELETE FROM ruleset_log WHERE version = 2', 'log', /version 2 is missing/],
    ['DELETE FROM ruleset_log WHERE version = 3', 'log', /versions 3 to 3 are missing/],
    ['UPDATE environments SET version = version - 1', 'log', /goes beyond/],
    ["UPDATE audit SET actor = '{}' WHERE seq = 2", 'audit', /row 2 was edited/],
    ['DELETE FROM audit WHERE seq = 2', 'audit', /row 2 is missing/],
    ["UPDATE changes SET comment = 'nothing to see' WHERE seq = 2", 'audit', /edited in the history/],
  ])('notices %s', async (statement, area, message) => {
    const other = new Database(door.file);
    other.exec(statement);
    other.close();
    const findings = await doctor(door.storage);
    expect(findings).toContainEqual(expect.objectContaining({ area, message: expect.stringMatching(message) }));
  });
});
