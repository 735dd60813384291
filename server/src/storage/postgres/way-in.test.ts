import { execFile, spawnSync } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask } from '../../testing/shared-postgres.ts';
import { startPostgres, type PostgresServer } from '../../testing/start-postgres.ts';
import { startServerProcess } from '../../testing/start-server-process.ts';
import { openStorage } from '../open-storage.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** Node can make keys, and no certificates; before 3.0 it takes another command to sign one. */
const hasOpenssl = /^OpenSSL [3-9]/.test(String(spawnSync('openssl', ['version']).stdout));
const SECRET = 'correct-horse-battery';
const WRONG = 'wrong-zebra-accumulator';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
  await ask(postgres.url, `CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '${SECRET}'`);
  const rules = join(postgres.dataFolder, 'pg_hba.conf');
  await writeFile(rules, `host all guarded 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  await ask(postgres.url, 'SELECT pg_reload_conf()');
});
afterAll(() => postgres.stop());

const asGuarded = async (password: string): Promise<string> => {
  const url = new URL(await postgres.createDatabase());
  url.username = 'guarded';
  url.password = password;
  return url.href;
};

describe('a password', () => {
  it('that is right lets a server in', async () => {
    const storage = await openStorage(await asGuarded(SECRET));
    expect(await storage.serving.environments()).toEqual([]);
    await storage.close();
  });

  it('that is wrong ends the start of a server, which names the setting and not the password', async () => {
    const url = await asGuarded(WRONG);
    const failed: unknown = await startServerProcess({
      env: { DIMMER_DATABASE_URL: url, DIMMER_LOG_LEVEL: 'debug' },
    }).catch((error: unknown) => error);
    const said = String(failed);
    expect(said).toMatch(/The server ended:/);
    expect(said).toMatch(/The password of "guarded" is wrong: set it in DIMMER_DATABASE_URL\./);
    expect(said).not.toContain(WRONG);
    expect(said).not.toMatch(/^ +at /m);
  });
});

// Skipped: without openssl 3, which makes the certificates.
describe.skipIf(!hasOpenssl)('TLS with a certificate of an authority of one’s own', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-tls-'));
    await makeCertificates(folder);
    for (const name of ['server.crt', 'server.key']) {
      const target = join(postgres.dataFolder, name);
      await writeFile(target, await readFile(join(folder, name)));
      await chmod(target, 0o600);
      if (process.getuid?.() === 0) await chown(target, 65_534, 65_534);
    }
    await ask(postgres.url, 'ALTER SYSTEM SET ssl = on');
    await ask(postgres.url, 'SELECT pg_reload_conf()');
    await vi.waitFor(
      async () => {
        const storage = await openStorage(`${await postgres.createDatabase()}?sslmode=require`);
        await storage.close();
      },
      { timeout: 30_000, interval: 200 },
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const verified = async (host: string, authority = 'ca.crt'): Promise<string> => {
    const url = new URL(await postgres.createDatabase());
    url.hostname = host;
    url.search = `?sslmode=verify-full&sslrootcert=${join(folder, authority)}`;
    return url.href;
  };

  it('connects with sslmode=verify-full, every connection encrypted', async () => {
    const url = await verified('localhost');
    const storage = await openStorage(url);
    await storage.serving.environments();
    const database = new URL(url).pathname.slice(1);
    await ask(
      postgres.url,
      `DO $$ BEGIN IF EXISTS (SELECT FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE datname = '${database}' AND NOT ssl)
       OR NOT EXISTS (SELECT FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE datname = '${database}' AND ssl)
       THEN RAISE 'not encrypted'; END IF; END $$`,
    );
    await storage.close();
  });

  it('does not with a certificate of another name, or of another authority', async () => {
    await expect(openStorage(await verified('127.0.0.1'))).rejects.toThrow(/cannot be used.*127\.0\.0\.1/);
    await expect(openStorage(await verified('localhost', 'other.crt'))).rejects.toThrow(/cannot be used.*certificate/);
  });
});

/** An authority, a certificate of it for `localhost`, and another authority. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]): Promise<unknown> => promisify(execFile)('openssl', args, { cwd: folder });
  const make = (name: string, subject: string, ...more: string[]): Promise<unknown> => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${subject}`];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    return openssl('req', '-x509', '-days', '2', ...key, ...files, ...more);
  };
  await make('ca', 'Test authority');
  await make('other', 'Another authority');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=DNS:localhost'];
  await make('server', 'localhost', ...signed, '-addext', 'basicConstraints=critical,CA:FALSE');
}
