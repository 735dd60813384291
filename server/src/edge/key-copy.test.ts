import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ListedKey } from '../auth/key-list.ts';
import { hashSecret, makeSecret } from '../changes/secrets.ts';
import { SILENT } from '../log.ts';
import { KeyCopy } from './key-copy.ts';
import type { KeysFile } from './key-copy.ts';
import type { SealedFile } from './sealed-file.ts';
import type { KeysAnswer } from './upstream-http.ts';

const OWN = makeSecret('dmr_srv_');
const KEY: ListedKey = { id: 'key_1', kind: 'server', hash: hashSecret(OWN), expiresAt: null };
const ETAG = '"one"';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the key of an edge itself', () => {
  test('is good again for its clients once the upstream takes it again, with the very list of before', async () => {
    let refused = false;
    const asked: (string | undefined)[] = [];
    const answer = (etag: string | undefined): KeysAnswer => {
      if (refused) return { kind: 'refused', why: 'unknown' };
      return etag === ETAG ? { kind: 'same' } : { kind: 'list', keys: [KEY], etag: ETAG };
    };
    const file: Pick<SealedFile<KeysFile>, 'save'> = { save: () => undefined };
    const keys = new KeyCopy({
      http: {
        async keys(etag) {
          asked.push(etag);
          return answer(etag);
        },
      },
      file: file as SealedFile<KeysFile>,
      ownHash: KEY.hash,
      staleMs: 86_400_000,
      environment: () => ({ id: 'env_1', key: 'production', projectKey: 'default' }),
      cutOffMs: () => undefined,
      log: SILENT,
      now: Date.now,
      random: () => 0,
    });
    keys.run();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await keys.authenticateKey(OWN)).toMatchObject({ id: 'key_1' });
    expect(asked.at(-1)).toBe(ETAG);
    refused = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await keys.authenticateKey(OWN)).toBeNull();
    refused = false;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await keys.authenticateKey(OWN)).toMatchObject({ id: 'key_1' });
    keys.stop();
  });
});
