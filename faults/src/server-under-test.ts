import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serverMainFile, startServerProcess } from '@dimmer/server/testing';
import type { ServerProcess, ServerProcessOptions } from '@dimmer/server/testing';
import { built } from './built.ts';
import type { Command } from './preload/command.ts';

/** What a test may want different. */
export interface ServerUnderTestOptions extends ServerProcessOptions {
  /** Replaces single numbers of the hub, as `heartbeatMs`. */
  readonly limits?: Readonly<Record<string, number>>;
  /** More options of Node. */
  readonly node?: readonly string[];
}

/** What a command of `dimmer` came to. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A real server process, which can be told to fail. */
export interface ServerUnderTest extends ServerProcess {
  /** Has a command carried out inside the process. */
  tell<T = unknown>(command: Command): Promise<T>;
  /** Runs `dimmer` beside it, on the same database. */
  dimmer(...args: readonly string[]): Promise<Ended>;
}

/** Starts `dimmer serve` as built, with the preloaded part that failpoints, clock and limits hang on. */
export async function startServer(options: ServerUnderTestOptions = {}): Promise<ServerUnderTest> {
  const { limits = {}, node = [], env, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-faults-'));
  const control = join(folder, 'control');
  const server = await startServerProcess({
    ...rest,
    env: {
      ...env,
      NODE_OPTIONS: [...node, `--import=${built('preload/register')}`].join(' '),
      FAULTS_CONTROL: control,
      FAULTS_DRIVER: serverMainFile(),
      FAULTS_LIMITS: JSON.stringify(limits),
    },
  });
  return {
    ...server,
    tell: (command) => tell(control, command),
    dimmer: (...args) => runDimmer(args, { DIMMER_DATABASE_URL: `file:${server.dataFile}`, ...env }),
    async stop() {
      // A stopped process does not even notice that it is killed before it goes on.
      server.signal('SIGCONT');
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the `dimmer` command to its end. */
export function runDimmer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  main = serverMainFile(),
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Says one command on a local socket, and resolves with its answer. */
function tell<T>(path: string, command: Command): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`No answer to ${command.kind}`)));
    createInterface({ input: socket }).once('line', (line) => {
      const answer: T = JSON.parse(line);
      resolve(answer);
      socket.end();
    });
    socket.write(`${JSON.stringify(command)}\n`);
  });
}
