import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The command as it is published. Needs `npm run build`, which `npm test` does. */
const SERVER = new URL('../../..', import.meta.url).pathname;
const MAIN = join(SERVER, 'bin/dimmer.js');

/** The token that servers under test accept. */
export const ADMIN_TOKEN = 'admin-token-for-tests-of-the-command-line';

/** What came of a command. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A `dimmer` process and everything it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the text matched, on either stream; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly finished: Promise<Finished>;
}

/** Variables of a process under test: nothing of the machine's own settings. */
export type Variables = Readonly<Record<string, string>>;

/** Starts `dimmer` with these arguments. */
export function start(args: readonly string[], env: Variables = {}, cwd: string = SERVER): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const hear = (stream: 'out' | 'err') => (chunk: Buffer) => {
    said[stream] += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on('data', hear('out'));
  child.stderr?.on('data', hear('err'));
  const finished = once(child, 'close').then(() => ({ code: child.exitCode, ...said }));
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(said.out) ?? pattern.exec(said.err);
        if (found === null) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void finished.then(({ code, out, err }) =>
        reject(new Error(`ended with ${code}, without ${pattern}\n${out}${err}`)),
      );
    });
  return { child, says, finished };
}

/** Runs `dimmer` to its end. */
export function dimmer(args: readonly string[], env: Variables = {}, cwd?: string): Promise<Finished> {
  return start(args, env, cwd).finished;
}

/** Starts `dimmer serve` on a free port with its database in `folder`; resolves when it has said where it listens. */
export async function startServe(
  folder: string,
  args: readonly string[] = [],
  env: Variables = {},
): Promise<Running & { readonly url: string }> {
  const running = start(
    ['serve', '--port', '0', ...args],
    {
      DIMMER_DATABASE_URL: `file:${join(folder, 'dimmer.db')}`,
      DIMMER_ADMIN_TOKEN: ADMIN_TOKEN,
      DIMMER_LOG_FORMAT: 'pretty',
      ...env,
    },
    folder,
  );
  const [, address] = await running.says(/Listening\s+(\S+)/);
  return { ...running, url: `http://${address ?? ''}` };
}
