import { Agent, request } from 'node:http';
import { ADMIN_TOKEN } from '../startup/children.ts';

const PROJECT = '/api/v1/projects/default';
const FLAG = 'bench-switch';

/** Writes to a server as a script would, over one connection that is kept. */
export interface Writer {
  /** Makes the flag and a server key for production. */
  prepare(): Promise<string>;
  /** Switches the flag; resolves when all connected instances have applied it. */
  switchLive(environment: string, on: boolean, instances: number): Promise<void>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A writer to the server at an address. */
export function createWriter(url: string): Writer {
  // Not `fetch`: its own work would be measured with the server's.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  const send = (method: string, path: string, body: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      };
      const call = request(`${url}${PROJECT}${path}`, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      call.on('error', reject);
      call.end(text);
    });
  const expectOk = ({ status, text }: Answer): string => {
    if (status >= 300) throw new Error(`The server answered ${status}: ${text.slice(0, 500)}`);
    return text;
  };
  return {
    async prepare() {
      expectOk(await send('POST', '/flags', { key: FLAG }));
      const made: { key: string } = JSON.parse(
        expectOk(await send('POST', '/environments/production/keys', { kind: 'server', name: 'bench' })),
      );
      return made.key;
    },
    async switchLive(environment, on, instances) {
      const path = `/flags/${FLAG}/settings/${environment}?wait=live`;
      const answer: { receipts?: { applied: number; complete: boolean } } = JSON.parse(
        expectOk(await send('PATCH', path, { enabled: on })),
      );
      if (answer.receipts?.complete !== true || answer.receipts.applied !== instances) {
        throw new Error(`Not live: ${JSON.stringify(answer.receipts)}`);
      }
    },
    close: () => agent.destroy(),
  };
}
