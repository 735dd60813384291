import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { serverMainFile } from './start-server-process.ts';

/** An edge in a process of its own, which may be killed. */
export interface EdgeProcess {
  readonly url: string;
  readonly dataFolder: string;
  /** What it has written so far. */
  output(): string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, when it is not running. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  terminate(): Promise<number | null>;
  /** Kills it if it still runs, and removes its data. */
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/** Starts `dimmer edge` from the built package, and waits until it has something to serve. Needs `npm run build`. */
export async function startEdgeProcess(upstream: string, key: string): Promise<EdgeProcess> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'dimmer-edge-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let output = '';
  const begin = async (): Promise<ChildProcess> => {
    const args = [serverMainFile(), 'edge', '--upstream', upstream, '--port', String(port), '--data', dataFolder];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, DIMMER_EDGE_KEY: key },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await untilReady(url, child, () => output);
    return child;
  };
  let child = await begin();
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended(child);
  };
  return {
    url,
    dataFolder,
    output: () => output,
    async kill() {
      await end('SIGKILL');
    },
    async restart() {
      if (child.exitCode === null && child.signalCode === null) return;
      child = await begin();
    },
    terminate: () => end('SIGTERM'),
    async stop() {
      await end('SIGKILL');
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The edge ended:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  throw new Error(`The edge was not ready in ${READY_MS} ms:\n${output()}`);
}
