import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { makeKey, TEST_ADMIN_TOKEN } from './start-test-server.ts';
import { createApi, type Api } from './test-api.ts';

/** What a test may want different. */
export interface ServerProcessOptions {
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** More arguments of `dimmer serve`. */
  readonly args?: readonly string[];
  /** Use (and keep) this database; default: a temporary one, kept until `stop`. */
  readonly dataFile?: string;
  /** Listen here; default: some free port, the same after each restart. */
  readonly port?: number;
  /** A command that starts it, in front of its own: what a shell can limit, a test can. */
  readonly wrap?: readonly string[];
}

/** A server in a process of its own, which may be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dataFile: string;
  readonly adminToken: string;
  readonly serverKey: string;
  readonly clientKey: string;
  readonly api: Api;
  /** Its id at present. */
  pid(): number;
  /** Sends it a signal, as SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void;
  /** What it has written so far. */
  output(): string;
  /** Resolves when it is gone by itself, with its exit code; null after a signal. */
  ended(): Promise<number | null>;
  /** SIGKILL: it gets to do nothing more. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and database, when it is not running. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with its exit code. Keeps the database. */
  terminate(): Promise<number | null>;
  /** Kills it if it still runs, and removes the database unless it was given. */
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/**
 * Starts `dimmer serve` from the built package: a process cannot be killed without ending the test unless it is
 * another one. Needs `npm run build`.
 */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const folder = options.dataFile === undefined ? await mkdtemp(join(tmpdir(), 'dimmer-test-')) : undefined;
  const dataFile = options.dataFile ?? join(folder ?? '', 'dimmer.db');
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const api = createApi(url, TEST_ADMIN_TOKEN);
  let output = '';
  const begin = async (): Promise<ChildProcess> => {
    const command = [...(options.wrap ?? []), process.execPath, serverMainFile(), 'serve', ...(options.args ?? [])];
    const child = spawn(command[0] ?? '', command.slice(1), {
      env: {
        ...process.env,
        DIMMER_ADMIN_TOKEN: TEST_ADMIN_TOKEN,
        DIMMER_DATABASE_URL: `file:${dataFile}`,
        DIMMER_HOST: '127.0.0.1',
        DIMMER_PORT: String(port),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await untilReady(url, child, () => output);
    return child;
  };
  let child = await begin();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  return {
    url,
    port,
    dataFile,
    adminToken: TEST_ADMIN_TOKEN,
    serverKey: await makeKey(api, 'server'),
    clientKey: await makeKey(api, 'client'),
    api,
    pid: () => child.pid ?? 0,
    signal: (name) => void child.kill(name),
    output: () => output,
    ended: () => ended(child),
    kill,
    async restart() {
      if (child.exitCode === null && child.signalCode === null) return;
      child = await begin();
    },
    async terminate() {
      child.kill('SIGTERM');
      return ended(child);
    },
    async stop() {
      await kill();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The built `dimmer` command: this file may itself run from `dist` or from `src`. */
export function serverMainFile(): string {
  const places = ['../../dist/main.js', '../main.js'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('The server is not built. Run: npm run build');
  return found;
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  throw new Error(`The server was not ready in ${READY_MS} ms:\n${output()}`);
}
