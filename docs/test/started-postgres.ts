import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A PostgreSQL of this machine, with TLS and passwords. */
export interface StartedPostgres {
  readonly port: number;
  /** File of the authority that its certificate is from. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** It refuses to run as root; then it runs as the user that owns nothing. */
const NOBODY = 65_534;

/** Where the programs of an installed PostgreSQL are; undefined when there is none with a server. */
export function findPostgres(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((bin) => ['initdb', 'postgres', 'psql', 'pg_dump'].every((name) => existsSync(join(bin, name))));
}

/** Starts one as the walk-through describes it: by network only with TLS, and with a password but for `postgres`. */
export async function startPostgres(bin: string, parent: string): Promise<StartedPostgres> {
  const folder = join(parent, 'postgres');
  const data = join(folder, 'data');
  chmodSync(parent, 0o755);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY);
  const run = (file: string, ...args: string[]): void =>
    void execFileSync(file, args, { ...as, cwd: folder, stdio: 'pipe' });
  run(join(bin, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C');
  const certificate = join(folder, 'ca.pem');
  const key = join(data, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject);
  run('chmod', '600', key);
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'host postgres postgres samehost trust\nhostssl dimmer dimmer samehost scram-sha-256\n',
  );
  const port = await freePort();
  const settings = ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`, 'fsync=off'].concat(
    'listen_addresses=localhost',
    'unix_socket_directories=',
  );
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
    {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('ready to accept connections')) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${output}`);
    await pause(20);
  }
  return {
    port,
    certificate,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** A port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
