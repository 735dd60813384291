import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor } from '../testing/open-door.ts';
import { tamper } from '../testing/make-database.ts';
import type { Door } from '../testing/open-door.ts';
import { examine } from './doctor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  await door.commit({ kind: 'flag.create', input: { key: 'f' } });
  await door.commit({ kind: 'settings.update', flag: 'f', environment: 'production', input: { enabled: true } });
});
afterEach(() => door.close());

describe('the doctor', () => {
  it('finds nothing wrong with a database that only the server wrote, and says what it looked at', async () => {
    expect(await examine(door.storage)).toEqual([
      { check: 'file', scope: 'integrity and references', problems: [] },
      { check: 'versions', scope: '2 environments', problems: [] },
      { check: 'digests', scope: '4 objects', problems: [] },
      { check: 'audit', scope: '3 rows, chains: 1', problems: [] },
    ]);
  });

  it.each([
    ["UPDATE ruleset_objects SET h = 'ffffffffffffffff' WHERE key = 'f'", 'digests', /add up to/],
    ["UPDATE ruleset_objects SET def = '{}' WHERE key = 'f'", 'digests', /not what its hash says/],
    ["UPDATE flag_settings SET enabled = false WHERE flag = 'f'", 'digests', /served differently/],
    ["DELETE FROM ruleset_objects WHERE key = 'f'", 'digests', /not served/],
    ["UPDATE flags SET archived_at = 1 WHERE key = 'f'", 'digests', /does not exist/],
    ['UPDATE environments SET bytes = 0', 'digests', /the head says 0/],
    ['DELETE FROM ruleset_log WHERE version = 1', 'versions', /from 2 on, where 3 from 1 on belong/],
    ['DELETE FROM ruleset_log WHERE version = 2', 'versions', /where 3 from 1 on belong/],
    ['DELETE FROM ruleset_log WHERE version = 3', 'versions', /no version 3/],
    ['UPDATE environments SET version = version - 1', 'versions', /where 2 from 1 on belong/],
    ["UPDATE audit SET actor = '{}' WHERE seq = 2", 'audit', /row 2 does not follow/],
    ['DELETE FROM audit WHERE seq = 2', 'audit', /row 3 does not follow/],
    ['DELETE FROM audit WHERE seq = 3', 'audit', /ends at row 2, where row 3 was the last/],
    ['DELETE FROM audit', 'audit', /ends at row 0, where row 3 was the last/],
    ["UPDATE changes SET comment = 'nothing to see' WHERE seq = 2", 'audit', /is not the one that row 2 speaks of/],
  ])('notices %s', async (statement, check, message) => {
    await tamper(door.databaseUrl, statement);
    const findings = await examine(door.storage);
    const problems = findings.find((finding) => finding.check === check)?.problems.join('\n');
    expect(problems).toMatch(message);
  });
});
