import { describe, expect, test } from 'vitest';
import { createChangeFeed } from '../changes/change-feed.ts';
import { hashSecret, makeSecret } from '../changes/secrets.ts';
import { SILENT } from '../log.ts';
import type { ServedKey } from '../storage/serving-reads.ts';
import type { Storage } from '../storage/storage.ts';
import { createKeyAuthenticator } from './key-authenticator.ts';

const SECRET = makeSecret('dmr_srv_');
const ROW: ServedKey = {
  id: 'key_1',
  environmentId: 'env_1',
  environmentKey: 'production',
  projectKey: 'default',
  kind: 'server',
  name: 'api',
  hash: hashSecret(SECRET),
  hint: SECRET.slice(0, 12),
  origins: null,
  createdAt: 0,
  lastUsedAt: null,
  expiresAt: null,
};

/** A database that counts what it is asked, and that can be taken away. */
function setUp(row: ServedKey | undefined = ROW) {
  const database = { reads: 0, down: false, row, whileReading: (): void => undefined };
  const clock = { now: 1_000_000 };
  const feed = createChangeFeed();
  const serving: Pick<Storage['serving'], 'key'> = {
    async key(hash) {
      if (database.down) throw new Error('the database is gone');
      database.reads += 1;
      const found = database.row?.hash === hash ? database.row : undefined;
      database.whileReading();
      return found;
    },
  };
  const storage = { serving } as Storage;
  const keys = createKeyAuthenticator({ storage, feed, log: SILENT, now: () => clock.now });
  return { keys, feed, database, clock };
}

describe('a key', () => {
  test('that was good stays good for five minutes without the database, and no longer', async () => {
    const { keys, database, clock } = setUp();
    expect(await keys.authenticateKey(SECRET)).toMatchObject({
      id: 'key_1',
      kind: 'server',
      environmentKey: 'production',
    });
    database.down = true;
    clock.now += 299_999;
    expect(await keys.authenticateKey(SECRET)).toMatchObject({ id: 'key_1' });
    clock.now += 1;
    await expect(keys.authenticateKey(SECRET)).rejects.toThrow('the database is gone');
  });

  test('costs one read, however many come with it', async () => {
    const { keys, database } = setUp();
    for (let i = 0; i < 100; i++) await keys.authenticateKey(SECRET);
    expect(database.reads).toBe(1);
  });

  test('that is revoked is forgotten at once', async () => {
    const { keys, feed, database, clock } = setUp();
    await keys.authenticateKey(SECRET);
    database.row = { ...ROW, expiresAt: clock.now };
    feed.emitKeyRevoked({ keyId: ROW.id, hash: ROW.hash, environmentId: ROW.environmentId, expiresAt: clock.now });
    expect(await keys.authenticateKey(SECRET)).toBeNull();
  });

  test('that is revoked while it is read is not remembered as it was', async () => {
    const { keys, feed, database, clock } = setUp();
    database.whileReading = () => {
      database.row = { ...ROW, expiresAt: clock.now };
      feed.emitKeyRevoked({ keyId: ROW.id, hash: ROW.hash, environmentId: ROW.environmentId, expiresAt: clock.now });
    };
    await keys.authenticateKey(SECRET);
    database.whileReading = () => undefined;
    expect(await keys.authenticateKey(SECRET)).toBeNull();
  });

  test('ends at its time, remembered or not', async () => {
    const { keys, clock } = setUp({ ...ROW, expiresAt: 1_000_500 });
    expect(await keys.authenticateKey(SECRET)).not.toBeNull();
    clock.now += 500;
    expect(await keys.authenticateKey(SECRET)).toBeNull();
  });

  test.each(['', 'dmr_srv_x', `${SECRET}x`, SECRET.slice(0, -1), SECRET.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a'))])(
    'mistyped as %j does not even reach the database',
    async (secret) => {
      const { keys, database } = setUp();
      expect(await keys.authenticateKey(secret)).toBeNull();
      expect(database.reads).toBe(0);
    },
  );

  test('that nobody made is not let in', async () => {
    const { keys } = setUp();
    expect(await keys.authenticateKey(makeSecret('dmr_srv_'))).toBeNull();
  });
});
