import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The token of the servers started here: they live for a minute, on loopback, over throw-away data. */
export const ADMIN_TOKEN = 'benchmark-only-benchmark-only-benchmark-only';

/** The built server. */
export const SERVER = fileURLToPath(new URL('../../../server/dist/bin/dimmer.js', import.meta.url));

/** A script of this folder, as compiled. */
export function script(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

/** Milliseconds from starting a Node process until it writes anything. */
export async function untilFirstWord(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const elapsed = performance.now() - started;
  await ended(child);
  return elapsed;
}

/** What a Node process prints until it ends. */
export async function output(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await ended(child);
  return text;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** From starting the process until `/readyz` answered 200. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts the server over a database file and waits until it is ready. `nodeArgs` may ask for a profile. */
export async function startServer(database: string, nodeArgs: readonly string[] = []): Promise<ServerProcess> {
  const port = await freePort();
  const env = {
    ...process.env,
    DIMMER_DATABASE_URL: `file:${database}`,
    DIMMER_PORT: String(port),
    DIMMER_ADMIN_TOKEN: ADMIN_TOKEN,
    DIMMER_LOG_LEVEL: 'error',
    DIMMER_LOG_FORMAT: 'json',
  };
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, SERVER, 'serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/readyz`))) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}: ${said}`);
    // oxlint-disable-next-line no-await-in-loop -- asking again is the measurement
    await pause(1);
  }
  const readyMs = performance.now() - started;
  return {
    url,
    readyMs,
    async stop() {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}

/** A plain HTTP server that answers with the bytes of a file: what a fetch can be at best. */
export async function startBareServer(file: string): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [script('bare-server'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${String(line).trim()}/`,
    async stop() {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Whether an address answers 200. */
export function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('A listening socket has a port');
  return address.port;
}
