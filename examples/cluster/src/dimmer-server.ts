import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { serverMainFile } from '@dimmer/server/testing';

/** How to run one. */
export interface DimmerServerOptions {
  readonly port: number;
  /** What people type: the balancer's address. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly adminToken: string;
  /** Time in ms from an end that nobody asked for to the next start, as of a service manager. */
  readonly restartMs: number;
  /** Gets one line when it has ended by itself, and one when it is back. */
  readonly say: (line: string) => void;
}

/** One Dimmer server, which is started again when it ends by itself. */
export interface DimmerServer {
  readonly url: string;
  readonly port: number;
  /** Of its process at present. */
  pid(): number;
  /** What it has printed since it was started first. */
  output(): string;
  /** Where the owner's account is made, of its last start; undefined when there was one. */
  setUpUrl(): string | undefined;
  /** Ends its process in the way given, as anybody could from outside. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and no restart. Resolves when it is gone. */
  stop(): Promise<void>;
}

const READY_MS = 60_000;

/** Starts `dimmer serve`; resolves when it is ready. Needs `npm run build`. */
export async function startDimmerServer(options: DimmerServerOptions): Promise<DimmerServer> {
  const { port, restartMs, say } = options;
  const url = `http://127.0.0.1:${port}`;
  let output = '';
  let startedAt = 0;
  let stopping = false;
  let child: ChildProcess | undefined;
  const killNow = (): void => void child?.kill('SIGKILL');
  process.on('exit', killNow);
  const setUpUrl = (): string | undefined => /\S+\/setup#\S+/.exec(output.slice(startedAt))?.[0];
  const begin = async (): Promise<void> => {
    startedAt = output.length;
    const started = spawnServer(options, (text) => (output += text));
    started.once('exit', () => void comeBack());
    child = started;
    await untilReady(url, started, () => output);
  };
  try {
    await begin();
  } catch (error) {
    // One that cannot start at all is not tried again and again.
    stopping = true;
    process.off('exit', killNow);
    throw error;
  }

  async function comeBack(): Promise<void> {
    if (stopping) return;
    say(`Server ${port} has ended. It comes back in ${restartMs / 1000} s.`);
    await pause(restartMs);
    if (stopping) return;
    try {
      await begin();
      say(`Server ${port} is back, as process ${child?.pid}.`);
      const link = setUpUrl();
      if (link !== undefined) say(`The link that makes the owner account is now ${link}`);
    } catch (error) {
      if (!stopping) say(String(error));
    }
  }

  return {
    url,
    port,
    pid: () => child?.pid ?? 0,
    output: () => output,
    setUpUrl,
    signal: (name) => void child?.kill(name),
    async stop() {
      stopping = true;
      if (child !== undefined && child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      process.off('exit', killNow);
    },
  };
}

function spawnServer(options: DimmerServerOptions, heard: (text: string) => void): ChildProcess {
  const child = spawn(process.execPath, [serverMainFile(), 'serve'], {
    env: { ...process.env, ...environment(options) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own: Ctrl-C reaches us alone, and we say what ends when.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => heard(chunk.toString()));
  return child;
}

function environment({ port, publicUrl, databaseUrl, adminToken }: DimmerServerOptions): NodeJS.ProcessEnv {
  return {
    DIMMER_HOST: '127.0.0.1',
    DIMMER_PORT: String(port),
    DIMMER_PUBLIC_URL: publicUrl,
    DIMMER_DATABASE_URL: databaseUrl,
    DIMMER_ADMIN_TOKEN: adminToken,
    // The balancer: its X-Forwarded-For says who the client is.
    DIMMER_TRUSTED_PROXIES: '127.0.0.1',
    DIMMER_LOG_LEVEL: 'warn',
    DIMMER_LOG_FORMAT: 'json',
  };
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${url} did not become ready:\n${output()}`);
}
