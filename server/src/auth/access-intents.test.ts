import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hashSecret } from '../changes/secrets.ts';
import { systemPrincipal } from '../policy/principal.ts';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

describe('tokens and people', () => {
  it('are made by owners; a token ends when it is revoked', async () => {
    const { created } = await door.commit(
      { kind: 'token.create', input: { name: 'ci', role: 'developer' } },
      { project: null },
    );
    expect(created?.secret).toMatch(/^dmr_api_/);
    expect((await door.listTokens()).value.items).toMatchObject([
      { id: created?.id, role: 'developer', createdBy: 'owner' },
    ]);
    await door.commit({ kind: 'token.revoke', id: created?.id ?? '' }, { project: null });
    expect((await door.listTokens()).value.items).toEqual([]);
  });

  it('start with one owner, made with a set-up token that is good once', async () => {
    const setupTokenHash = hashSecret('dmr_set_x');
    await door.storage.transaction((tx) => tx.meta.set('setupTokenHash', setupTokenHash));
    const make = (email: string, hash: string) =>
      door.commit(
        { kind: 'user.create', input: { email, passwordHash: 'p', role: 'owner', setupTokenHash: hash } },
        { project: null, principal: systemPrincipal('setup') },
      );
    await expect(make('a@b.c', hashSecret('wrong'))).rejects.toMatchObject({ status: 403 });
    await make('Ada@Example.com', setupTokenHash);
    await expect(make('b@b.c', setupTokenHash)).rejects.toMatchObject({ status: 403 });
    const ada = await door.storage.read((tx) => tx.users.byEmail('ada@example.com'));
    expect(ada).toMatchObject({ email: 'ada@example.com', role: 'owner' });
    expect(await door.storage.read((tx) => tx.users.count())).toBe(1);
    expect(JSON.stringify(door.changes)).not.toContain('"p"');
  });
});
