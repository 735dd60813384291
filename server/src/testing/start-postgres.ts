import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { makePostgresFiles, type PostgresFiles } from './postgres-files.ts';

/** A real PostgreSQL server of its own, in a process that may be killed. */
export interface PostgresServer {
  /** Of its database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Its `pg_hba.conf` is in there, and what it is to find by a relative path. */
  readonly dataFolder: string;
  /** Makes an empty database; returns its URL. */
  createDatabase(): Promise<string>;
  /** SIGKILL to the server and everything it has started; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/** Starts PostgreSQL on a free port of the loopback address; anybody on this machine may connect as `postgres`. */
export async function startPostgres(): Promise<PostgresServer> {
  const files = await makePostgresFiles();
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let child = await begin(files, port, urlOf('postgres'));
  let databases = 0;
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of [...childrenOf(child), child.pid]) if (pid !== undefined) send(pid, name);
  };
  const killNow = (): void => signal('SIGKILL');
  process.on('exit', killNow);
  const kill = async (): Promise<void> => {
    killNow();
    await ended(child);
  };
  return {
    url: urlOf('postgres'),
    port,
    dataFolder: files.data,
    async createDatabase() {
      databases += 1;
      // Several test files use one server.
      const name = `test_${process.pid}_${databases}_${Math.random().toString(36).slice(2, 8)}`;
      await ask(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    kill,
    async restart() {
      if (child.exitCode !== null || child.signalCode !== null) child = await begin(files, port, urlOf('postgres'));
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async stop() {
      await kill();
      process.off('exit', killNow);
      await rm(files.folder, { recursive: true, force: true });
    },
  };
}

async function begin({ data, postgres, as, folder }: PostgresFiles, port: number, url: string): Promise<ChildProcess> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const settings = ['fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', 'max_connections=200'];
    const child = spawn(postgres, ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])], {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const answered = await ask(url, 'SELECT 1').catch(() => false);
      if (answered !== false) return child;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    // After a kill the processes it had started may take a moment to notice.
    if (Date.now() >= deadline || !output.includes('shared memory')) {
      child.kill('SIGKILL');
      throw new Error(`PostgreSQL did not start:\n${output}`);
    }
  }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The processes of the server: they do not end with it when it is killed. */
function childrenOf({ pid }: ChildProcess): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
