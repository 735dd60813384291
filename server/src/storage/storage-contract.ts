import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvironmentRow } from './environment-store.ts';
import type { FlagRow, SettingsRow } from './flag-store.ts';
import type { Storage, Tx } from './storage.ts';

/** A database to try, and what removes it. */
export interface ContractDatabase {
  readonly storage: Storage;
  remove(): Promise<void>;
}

const project = { id: 'prj_1', key: 'shop', name: 'Shop', createdAt: 1 };

function environment(key: string, position: number): EnvironmentRow {
  const head = { version: 0, digest: '0000000000000000', bytes: 0, committedAt: 1 };
  const words = { name: key, position, protected: position > 0, expiresAt: null };
  return { id: `env_${key}`, projectId: project.id, key, ...words, createdAt: 1, ...head };
}

function flag(key: string): FlagRow {
  return {
    projectId: project.id,
    key,
    name: key,
    description: 'a „flag” — 标志',
    type: 'object',
    kind: 'release',
    variants: { a: { value: { b: 1, a: [null, true] } } },
    tags: ['x', 'y'],
    owner: null,
    clientVisible: true,
    metadata: { team: 'shop' },
    createdAt: 1,
    archivedAt: null,
    changedAt: 1,
    changedBy: 'me',
  };
}

function settings(environmentId: string, key: string): SettingsRow {
  const rules = [{ id: 'r', if: { attr: 'a', in: [1, 'x', true] }, serve: null }];
  return { environmentId, flag: key, enabled: true, off: null, rules, default: null, seed: 'abcdefgh' };
}

async function fill(tx: Tx): Promise<void> {
  await tx.projects.insert(project);
  await tx.environments.insert(environment('production', 1));
  await tx.environments.insert(environment('development', 0));
}

/** What every database must do, whichever it is. */
export function storageContract(name: string, open: () => Promise<ContractDatabase>): void {
  describe(`${name} as storage`, () => {
    let database: ContractDatabase;
    let storage: Storage;
    beforeEach(async () => {
      database = await open();
      ({ storage } = database);
      await storage.transaction(fill);
    });
    afterEach(() => database.remove());

    transactions(() => storage);
    nouns(() => storage);
    streams(() => storage);
    serving(() => storage);
  });
}

function transactions(storage: () => Storage): void {
  it('takes everything back when a transaction fails, and says why', async () => {
    const failing = storage().transaction(async (tx) => {
      await tx.projects.rename(project.id, 'Half done');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await storage().read((tx) => tx.projects.list())).toEqual([project]);
  });

  it('runs transactions one after the other', async () => {
    const trace: string[] = [];
    const one = (label: string): Promise<void> =>
      storage().transaction(async (tx) => {
        trace.push(`${label} begins`);
        await tx.projects.list();
        await Promise.resolve();
        trace.push(`${label} ends`);
      });
    await Promise.all([one('a'), one('b')]);
    expect(trace).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('calls commit listeners in order, after the commit, and not after a failure', async () => {
    const heard: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((label) =>
        storage()
          .transaction(async (tx) => {
            tx.onCommit(() => heard.push(label));
            await tx.meta.set('epoch', label);
            if (label === 'b') throw new Error('no');
          })
          .catch(() => undefined),
      ),
    );
    expect(heard).toEqual(['a', 'c']);
    expect(await storage().read((tx) => tx.meta.get('epoch'))).toBe('c');
  });

  it('reads one consistent state while others write', async () => {
    const seen = await storage().read(async (tx) => {
      const before = (await tx.projects.byKey('shop'))?.name;
      await storage().transaction((writing) => writing.projects.rename(project.id, 'New'));
      return [before, (await tx.projects.byKey('shop'))?.name];
    });
    expect(seen).toEqual(['Shop', 'Shop']);
    expect((await storage().read((tx) => tx.projects.byKey('shop')))?.name).toBe('New');
  });

  it('refuses rows that refer to nothing', async () => {
    const orphan = storage().transaction((tx) => tx.flags.insertSettings([settings('env_none', 'f')]));
    await expect(orphan).rejects.toThrow(/FOREIGN KEY|foreign key/);
  });

  it('finds nothing wrong with itself', async () => {
    expect(await storage().check()).toEqual([]);
  });
}

function nouns(storage: () => Storage): void {
  it('gives flags and settings back as they were, whatever JSON they hold', async () => {
    const row = settings('env_production', 'f');
    await storage().transaction(async (tx) => {
      await tx.flags.insert(flag('f'));
      await tx.flags.insertSettings([row, { ...row, environmentId: 'env_development', default: 'a' }]);
    });
    await storage().read(async (tx) => {
      expect(await tx.flags.byKey(project.id, 'f')).toEqual(flag('f'));
      expect(await tx.flags.settings('env_production', 'f')).toEqual(row);
      expect((await tx.flags.settings('env_development', 'f'))?.default).toBe('a');
      expect(await tx.flags.rawSettings(['env_production'])).toMatchObject([{ default: 'null', enabled: true }]);
    });
    const after = {
      ...row,
      enabled: false,
      off: 'a',
      rules: [],
      default: { bucket: { by: 'k' }, arms: [{ upTo: 1 }] },
    };
    await storage().transaction(async (tx) => {
      await tx.flags.updateSettings({ ...after, seed: 'another!' });
      await tx.flags.update({ ...flag('f'), name: 'New', archivedAt: 7 });
      await tx.flags.markChanged(project.id, 'f', 9, 'you');
    });
    await storage().read(async (tx) => {
      expect(await tx.flags.settings('env_production', 'f')).toEqual(after);
      const words = { name: 'New', archivedAt: 7, changedAt: 9, changedBy: 'you' };
      expect(await tx.flags.byKey(project.id, 'f')).toEqual({ ...flag('f'), ...words });
    });
  });

  it('lists flags by key, in pages, archived or not', async () => {
    await storage().transaction(async (tx) => {
      for (const key of ['b', 'a', 'C', 'd']) await tx.flags.insert(flag(key));
      await tx.flags.update({ ...flag('d'), archivedAt: 1 });
    });
    await storage().read(async (tx) => {
      const keys = async (filter: Parameters<typeof tx.flags.list>[1]): Promise<string[]> =>
        (await tx.flags.list(project.id, filter)).map(({ key }) => key);
      expect(await keys({ archived: false })).toEqual(['C', 'a', 'b']);
      expect(await keys({ archived: false, after: 'C', limit: 1 })).toEqual(['a']);
      expect(await keys({ archived: true })).toEqual(['d']);
    });
  });

  it('lists environments by position, and not the deleted ones, whose key is free again', async () => {
    await storage().transaction(async (tx) => {
      await tx.environments.delete('env_production', 5);
      await tx.environments.insert({ ...environment('production', 0), id: 'env_second' });
    });
    const list = await storage().read((tx) => tx.environments.list(project.id));
    expect(list.map(({ id }) => id)).toEqual(['env_development', 'env_second']);
  });

  it('keeps segments, tokens, people, sessions and answers', async () => {
    const token = { id: 't', name: 'ci', role: 'owner', hash: 'h', hint: 'd', createdAt: 1, lastUsedAt: null } as const;
    const person = { id: 'u', email: 'a@b.c', passwordHash: 'p', role: 'owner', createdAt: 1 } as const;
    const session = { hash: 's', userId: 'u', createdAt: 1, seenAt: 1, expiresAt: 50 };
    const answer = { actor: 'user:u', key: 'k', bodyHash: 'b', status: 200, body: '{}', at: 1 };
    await storage().transaction(async (tx) => {
      await tx.segments.insert({ projectId: project.id, key: 's', name: 's', description: '', createdAt: 1 });
      const condition = { any: [] };
      await tx.segments.insertSettings([{ environmentId: 'env_production', segment: 's', condition }]);
      await tx.tokens.insert({ ...token, expiresAt: null });
      await tx.users.insert(person);
      await tx.sessions.insert(session);
      await tx.idempotency.put(answer);
      await tx.idempotency.put({ ...answer, body: '[]', at: 2 });
    });
    await storage().read(async (tx) => {
      expect(await tx.segments.settings('env_production', 's')).toMatchObject({ condition: { any: [] } });
      expect(await tx.tokens.byHash('h')).toEqual({ ...token, expiresAt: null });
      expect(await tx.users.byEmail('a@b.c')).toEqual(person);
      expect(await tx.users.count()).toBe(1);
      expect(await tx.sessions.byHash('s')).toEqual(session);
      expect(await tx.idempotency.get('user:u', 'k')).toEqual({ ...answer, body: '[]', at: 2 });
    });
    await storage().transaction(async (tx) => {
      await tx.tokens.expire('t', 10);
      await tx.sessions.deleteExpired(60, 0);
      await tx.idempotency.deleteBefore(3);
    });
    await storage().read(async (tx) => {
      expect(await tx.tokens.list(11)).toEqual([]);
      expect(await tx.sessions.byHash('s')).toBeUndefined();
      expect(await tx.idempotency.get('user:u', 'k')).toBeUndefined();
    });
  });

  it('adds usage up by the hour', async () => {
    const count = { flag: 'f', hour: 3_600_000, count: 2, lastAt: 3_700_000 };
    await storage().transaction(async (tx) => {
      await tx.usage.add('env_production', [count, { ...count, flag: 'g' }]);
      await tx.usage.add('env_production', [{ ...count, count: 3, lastAt: 3_650_000 }]);
      await tx.usage.addUnknown('env_production', [{ key: 'x', count: 1, lastAt: 5 }]);
      await tx.usage.addUnknown('env_production', [{ key: 'x', count: 1, lastAt: 4 }]);
    });
    await storage().read(async (tx) => {
      expect(await tx.usage.list('env_production', 3_600_000)).toEqual([
        { flag: 'f', lastAt: 3_700_000, count: 5 },
        { flag: 'g', lastAt: 3_700_000, count: 2 },
      ]);
      expect(await tx.usage.unknown('env_production')).toEqual([{ key: 'x', count: 2, lastAt: 5 }]);
      expect(await tx.usage.lastEvaluated(['env_production', 'env_development'], 'f')).toBe(3_700_000);
      expect(await tx.usage.lastEvaluated(['env_development'], 'f')).toBeUndefined();
    });
  });
}

function streams(storage: () => Storage): void {
  it('keeps the log in order, and a base when it is pruned', async () => {
    const row = (version: number): Parameters<Tx['log']['append']>[0] => ({
      environmentId: 'env_production',
      version,
      digest: 'd'.repeat(16),
      put: '{"flags":{}}',
      remove: '{}',
      changeId: 'c',
      at: version * 10,
    });
    await storage().transaction(async (tx) => {
      for (const version of [1, 2, 3]) await tx.log.append(row(version));
    });
    await storage().read(async (tx) => {
      expect(await tx.log.range('env_production', 1, 3)).toEqual([row(2), row(3)]);
      expect(await tx.log.lastBefore('env_production', 30)).toBe(2);
      expect(await tx.log.oldest('env_production')).toBe(1);
    });
    await storage().transaction((tx) => tx.log.prune('env_production', { version: 2, state: '{}' }));
    await storage().read(async (tx) => {
      expect(await tx.log.range('env_production', 0, 9)).toEqual([row(3)]);
      expect(await tx.log.base('env_production')).toEqual({ version: 2, state: '{}' });
      expect(await tx.log.count('env_production')).toBe(1);
    });
    await expect(storage().transaction((tx) => tx.log.append(row(3)))).rejects.toThrow();
  });

  it('filters the history by environment, flag, actor and time, newest first', async () => {
    const actor = { kind: 'user', id: 'u1', name: 'ada@example.com' } as const;
    const change = (seq: number, flagKey: string, environmentKey: string): Parameters<Tx['changes']['insert']>[0] => {
      const object = { kind: 'flag-settings', key: flagKey, environment: environmentKey } as const;
      const effects = [{ object, action: 'update', field: 'enabled', before: false, after: true }] as const;
      const versions = { [environmentKey]: seq };
      const words = { comment: null, reverts: null };
      return { id: `c${seq}`, projectId: project.id, seq, at: seq * 10, actor, versions, effects, ...words };
    };
    await storage().transaction(async (tx) => {
      await tx.changes.insert(change(1, 'f', 'production'));
      await tx.changes.insert(change(2, 'g', 'production'));
      await tx.changes.insert({ ...change(3, 'f', 'development'), actor: { ...actor, id: 'u2', name: 'bob' } });
    });
    await storage().read(async (tx) => {
      const ids = async (filter: object): Promise<string[]> =>
        (await tx.changes.list(project.id, { limit: 9, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual(['c3', 'c2', 'c1']);
      expect(await ids({ limit: 1, before: 3 })).toEqual(['c2']);
      expect(await ids({ flag: 'f' })).toEqual(['c3', 'c1']);
      expect(await ids({ environment: 'production' })).toEqual(['c2', 'c1']);
      expect(await ids({ actor: 'bob' })).toEqual(['c3']);
      expect(await ids({ actor: 'u1', since: 20 })).toEqual(['c2']);
      expect(await tx.changes.byId('c1')).toEqual(change(1, 'f', 'production'));
    });
  });

  it('keeps audit rows in a chain', async () => {
    const row = (seq: number): Parameters<Tx['audit']['append']>[0] => ({
      chain: 'installation',
      seq,
      at: 1,
      kind: 'sign-in',
      actor: '{}',
      subject: 'u',
      detail: '{}',
      previous: 'p',
      hash: `h${seq}`,
    });
    await storage().transaction(async (tx) => {
      expect(await tx.audit.tip('installation')).toBeUndefined();
      await tx.audit.append(row(1));
      await tx.audit.append(row(2));
      expect(await tx.audit.tip('installation')).toEqual({ seq: 2, hash: 'h2' });
    });
    await expect(storage().transaction((tx) => tx.audit.append(row(2)))).rejects.toThrow();
    expect(await storage().read((tx) => tx.audit.range('installation', 1, 9))).toEqual([row(2)]);
  });
}

function serving(storage: () => Storage): void {
  it('serves heads with their objects in the order of the wire', async () => {
    const object = (kind: 'flag' | 'segment', key: string): Parameters<Tx['objects']['put']>[1][number] => ({
      kind,
      key,
      h: 'a'.repeat(16),
      def: `{"k":"${key}"}`,
    });
    const head = { version: 4, digest: 'b'.repeat(16), bytes: 123, committedAt: 77 };
    await storage().transaction(async (tx) => {
      await tx.objects.put('env_production', [object('segment', 'a'), object('flag', 'b'), object('flag', 'B')]);
      await tx.objects.put('env_production', [{ ...object('flag', 'b'), h: 'c'.repeat(16) }]);
      await tx.environments.advance('env_production', head);
    });
    const objects = [object('flag', 'B'), { ...object('flag', 'b'), h: 'c'.repeat(16) }, object('segment', 'a')];
    const served = { id: 'env_production', key: 'production', projectKey: 'shop', ...head };
    expect(await storage().serving.head('env_production')).toEqual({ ...served, objects });
    expect(await storage().serving.environments()).toMatchObject([{ key: 'development' }, served]);
    expect(await storage().read((tx) => tx.objects.all('env_production'))).toEqual(objects);
    const found = await storage().read((tx) => tx.objects.containing('env_production', '"k":"b"'));
    expect(found.map(({ key }) => key)).toEqual(['b']);
    await storage().transaction((tx) => tx.objects.remove('env_production', [object('flag', 'B')]));
    expect(await storage().read((tx) => tx.objects.get('env_production', 'flag', 'B'))).toBeUndefined();
    expect(await storage().serving.head('env_none')).toBeUndefined();
  });

  it('serves keys with what they open', async () => {
    const key = {
      id: 'k',
      environmentId: 'env_production',
      kind: 'client',
      name: 'web',
      hash: 'h',
      hint: 'dmr',
    } as const;
    const times = { createdAt: 1, lastUsedAt: null, expiresAt: null };
    await storage().transaction((tx) => tx.keys.insert({ ...key, origins: ['https://a.b'], ...times }));
    expect(await storage().serving.key('h')).toEqual({
      ...key,
      ...times,
      origins: ['https://a.b'],
      environmentKey: 'production',
      projectKey: 'shop',
    });
    await storage().transaction((tx) => tx.environments.delete('env_production', 2));
    expect(await storage().serving.key('h')).toBeUndefined();
    expect(await storage().serving.key('none')).toBeUndefined();
  });
}
