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
  const url = `http://${await listeningAddress(child)}`;
  return {
    url,
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

/** The address that the start-up block names. */
function listeningAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /Listening\s+(\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
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
