import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDoor, type Door } from '../testing/open-door.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { createResetPassword, inviteToReset, RESET_LINK_MS } from './reset-link.ts';
import { createSessions } from './sessions.ts';

const EMAIL = 'ann@example.com';
const password = 'quiet lamp over there';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const now = (): number => door.clock.now;
const sessionsOf = () => createSessions({ storage: door.storage, now });
const reset = (token: string) =>
  createResetPassword({ storage: door.storage, sessions: sessionsOf(), now })({ token, password });
const invite = async () => (await inviteToReset(door.storage, now()))?.token ?? '';
const ann = () => door.storage.read((tx) => tx.users.byEmail(EMAIL));

async function makeAnn(): Promise<void> {
  const input = { email: EMAIL, passwordHash: await hashPassword('correct horse battery'), role: 'owner' } as const;
  await door.commit({ kind: 'user.create', input }, { project: null });
}

test('there is nothing to reset without an account', async () => {
  expect(await inviteToReset(door.storage, now())).toBeUndefined();
});

test('a link sets a new password, once, and ends every session of the account', async () => {
  await makeAnn();
  const user = await ann();
  const before = user && (await sessionsOf().begin(user));
  const token = await invite();
  const begun = await reset(token);
  expect(begun?.view.user.email).toBe(EMAIL);
  expect(await verifyPassword(password, (await ann())?.passwordHash ?? '')).toMatchObject({ ok: true });
  expect(await sessionsOf().find(before?.token ?? '')).toBeUndefined();
  expect(await sessionsOf().find(begun?.token ?? '')).toBeDefined();
  expect(await reset(token)).toBeUndefined();
  const kinds = await door.storage.read(async (tx) =>
    (await tx.audit.range('installation', 0, 1000)).map(({ kind }) => kind),
  );
  expect(kinds.filter((kind) => kind.startsWith('password'))).toEqual(['password-reset-link', 'password-reset']);
});

test('of two who use a link at once, one does', async () => {
  await makeAnn();
  const token = await invite();
  const both = await Promise.all([reset(token), reset(token)]);
  expect(both.filter((begun) => begun !== undefined)).toHaveLength(1);
});

test('a link is good for half an hour, and until there is a newer one', async () => {
  await makeAnn();
  const [first, second] = [await invite(), await invite()];
  expect(await reset(first)).toBeUndefined();
  door.clock.now += RESET_LINK_MS;
  expect(await reset(second)).toBeUndefined();
  const third = await invite();
  door.clock.now += RESET_LINK_MS - 1;
  expect(await reset(third)).toBeDefined();
});
