import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A real server process with a fresh database, and credentials for `production` of the project `default`. */
export interface StartedServer {
  readonly url: string;
  /** An owner's API token. */
  readonly token: string;
  readonly serverKey: string;
  readonly clientKey: string;
  readonly databaseUrl: string;
  /** The block that it prints when it is ready. */
  readonly startBlock: string;
  stop(): Promise<void>;
}

const TOKEN = 'docs-admin-token-of-at-least-32-characters';

/** Starts `dimmer serve` on a free port with its database in `folder`. */
export async function startServer(root: string, folder: string): Promise<StartedServer> {
  const databaseUrl = `file:${join(folder, 'dimmer.db')}`;
  const child = spawn(process.execPath, [join(root, 'server/bin/dimmer.js'), 'serve', '--port', '0'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DIMMER_ADMIN_TOKEN: TOKEN,
      DIMMER_DATABASE_URL: databaseUrl,
      DIMMER_LOG_LEVEL: 'warn',
      DIMMER_LOG_FORMAT: 'pretty',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const startBlock = await readStartBlock(child);
  const url = `http://${/Listening\s+(\S+)/.exec(startBlock)?.[1]}`;
  return {
    url,
    startBlock,
    databaseUrl,
    token: TOKEN,
    serverKey: await createKey(url, 'server'),
    clientKey: await createKey(url, 'client'),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** What is printed up to the last line of the start-up block. */
function readStartBlock(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/Listening[\s\S]*Ctrl-C/.test(output)) resolve(output);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}\n${output}`)));
  });
}

async function createKey(url: string, kind: 'server' | 'client'): Promise<string> {
  const response = await fetch(`${url}/api/v1/projects/default/environments/production/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind, name: `docs ${kind}` }),
  });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('key' in answer) || typeof answer.key !== 'string') {
    throw new Error(`no key: ${JSON.stringify(answer)}`);
  }
  return answer.key;
}
