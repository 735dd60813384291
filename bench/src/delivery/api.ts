import { Agent, request } from 'node:http';
import type { ChangeView, WriteAnswer } from '@dimmer/core/api';
import { ADMIN_TOKEN } from '../startup/children.ts';

const PROJECT = '/api/v1/projects/default';

/** The flag that is switched. */
export const SWITCH = 'bench-switch';

/** A change that was made. */
export interface Written {
  /** Of production. */
  readonly version: number;
  /** Epoch ms at which its transaction began, rounded down. */
  readonly committedAt: number;
}

/** The API as a script uses it, over one connection that is kept: `fetch` would be measured with the server. */
export interface Api {
  /** Sends JSON; answers with the body, throws when it was refused. */
  send(method: string, path: string, body?: unknown): Promise<string>;
  makeKey(kind: 'server' | 'client'): Promise<string>;
  makeSwitch(clientVisible?: boolean): Promise<void>;
  /** Switches the flag in production; resolves with the version as soon as it is answered. */
  flip(on: boolean): Promise<number>;
  /** The same with the time of the commit, which takes another request. */
  flipTimed(on: boolean): Promise<Written>;
  close(): void;
}

/** The API at an address. */
export function createApi(url: string): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  const send = (method: string, path: string, body?: unknown): Promise<string> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      };
      const call = request(`${url}${PROJECT}${path}`, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 0) < 300) resolve(answer);
          else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${answer.slice(0, 500)}`));
        });
      });
      call.on('error', reject);
      call.end(text);
    });
  const write = async (on: boolean): Promise<WriteAnswer> =>
    JSON.parse(await send('PATCH', `/flags/${SWITCH}/settings/production`, { enabled: on }));
  const flip = async (on: boolean): Promise<{ version: number; changeId: string | null }> => {
    const { versions, changeId } = await write(on);
    const version = versions['production'];
    if (version === undefined) throw new Error('Nothing was changed');
    return { version, changeId };
  };
  return {
    send,
    async makeKey(kind) {
      const made: { key: string } = JSON.parse(
        await send('POST', '/environments/production/keys', { kind, name: `bench ${kind}` }),
      );
      return made.key;
    },
    async makeSwitch(clientVisible = false) {
      await send('POST', '/flags', { key: SWITCH, clientVisible });
    },
    flip: async (on) => (await flip(on)).version,
    async flipTimed(on) {
      const { version, changeId } = await flip(on);
      const change: ChangeView = JSON.parse(await send('GET', `/changes/${changeId}`));
      return { version, committedAt: Date.parse(change.at) };
    },
    close: () => agent.destroy(),
  };
}
