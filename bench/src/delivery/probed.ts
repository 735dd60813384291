import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ADMIN_TOKEN, answers, freePort, SERVER } from '../startup/children.ts';
import type { Cost, FromProbe, Memory, ToProbe } from './probe-messages.ts';

/** A server in a process of its own that says what it costs. */
export interface Probed {
  readonly url: string;
  /** Begins a measurement. */
  mark(): Promise<void>;
  /** What serving has cost since the mark. */
  cost(): Promise<Cost>;
  memory(): Promise<Memory>;
  /** Of a bare server: sends these bytes to all sockets; resolves with the epoch ms at which it began. */
  broadcast(frame: string): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

type Heard =
  | FromProbe
  | { readonly probe: 'listening'; readonly port: number }
  | { readonly probe: 'sent'; readonly at: number };

/** Starts Dimmer over a database file, on a port that may be given, and waits until it is ready. */
export async function startProbedServer(database: string, port?: number): Promise<Probed> {
  const own = port ?? (await freePort());
  const env = {
    ...process.env,
    DIMMER_DATABASE_URL: `file:${database}`,
    DIMMER_PORT: String(own),
    DIMMER_ADMIN_TOKEN: ADMIN_TOKEN,
    DIMMER_LOG_LEVEL: 'error',
    DIMMER_LOG_FORMAT: 'json',
  };
  const child = start([...serverArguments(), SERVER, 'serve'], env);
  const url = `http://127.0.0.1:${own}`;
  while (!(await answers(`${url}/readyz`))) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}`);
    // oxlint-disable-next-line no-await-in-loop -- asks again until it is there
    await pause(2);
  }
  return control(child, url);
}

/** Starts the reference: a bare `ws` server that sends one frame to all. */
export async function startBareBroadcast(): Promise<Probed> {
  const child = start([fileURLToPath(new URL('./bare-broadcast.js', import.meta.url))], process.env);
  const heard = await hear(child, 'listening');
  return control(child, `http://127.0.0.1:${heard.port}`);
}

/** `BENCH_SERVER_ARGS="--cpu-prof --cpu-prof-dir=…"` shows where the server's time goes. */
export function serverArguments(): readonly string[] {
  return process.env['BENCH_SERVER_ARGS']?.split(' ').filter((argument) => argument !== '') ?? [];
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const probe = new URL('./probe.js', import.meta.url).href;
  const child = spawn(process.execPath, ['--expose-gc', '--import', probe, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.on('exit', (code) => {
    if (code !== null && code !== 0) console.error(said);
  });
  return child;
}

function control(child: ChildProcess, url: string): Probed {
  const ask = async <P extends FromProbe['probe']>(what: ToProbe['probe'], answer: P) => {
    child.send({ probe: what } satisfies ToProbe);
    return hear(child, answer);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    mark: async () => void (await ask('mark', 'marked')),
    cost: () => ask('cost', 'cost'),
    memory: () => ask('memory', 'memory'),
    async broadcast(frame) {
      child.send({ frame });
      return (await hear(child, 'sent')).at;
    },
    kill: () => end('SIGKILL'),
    // A drain would spread ten thousand reconnections over ten seconds; nobody is served any more.
    stop: () => end(serverArguments().length > 0 ? 'SIGTERM' : 'SIGKILL'),
  };
}

function hear<P extends Heard['probe']>(child: ChildProcess, what: P): Promise<Extract<Heard, { probe: P }>> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('A server ended while it was measured'));
    const listen = (message: Heard): void => {
      if (!is(message, what)) return;
      child.off('message', listen);
      child.off('exit', gone);
      resolve(message);
    };
    child.on('message', listen);
    child.once('exit', gone);
  });
}

function is<P extends Heard['probe']>(message: Heard, what: P): message is Extract<Heard, { probe: P }> {
  return message.probe === what;
}
