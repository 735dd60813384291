import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashSecret } from '../changes/secrets.ts';
import { systemPrincipal } from '../policy/principal.ts';
import { openDoor, type Door } from '../testing/open-door.ts';
import { createSessions, SESSION_IDLE_MS, type Sessions } from './sessions.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
let sessions: Sessions;
let token: string;

beforeEach(async () => {
  door = await openDoor();
  sessions = createSessions({ storage: door.storage, now: () => door.clock.now });
  const setupTokenHash = hashSecret('dmr_set_x');
  await door.storage.transaction((tx) => tx.meta.set('setupTokenHash', setupTokenHash));
  await door.commit(
    { kind: 'user.create', input: { email: 'ada@example.com', passwordHash: 'p', role: 'owner', setupTokenHash } },
    { project: null, principal: systemPrincipal('setup') },
  );
  const ada = await door.storage.read((tx) => tx.users.byEmail('ada@example.com'));
  if (ada === undefined) throw new Error('There is no such person');
  ({ token } = await sessions.begin(ada));
});
afterEach(() => door.close());

const HALF = SESSION_IDLE_MS / 2 + 1;

test('a session goes on for as long as somebody uses it', async () => {
  door.clock.now += HALF;
  expect(await sessions.find(token)).toBeDefined();
  door.clock.now += HALF;
  expect(await sessions.find(token)).toBeDefined();
});

test('a session that an open page only watches with ends idle', async () => {
  door.clock.now += HALF;
  expect(await sessions.find(token, false)).toBeDefined();
  door.clock.now += HALF;
  expect(await sessions.find(token, false)).toBeUndefined();
  expect(await sessions.find(token)).toBeUndefined();
});
