/** What the example needs of the HTTP API. */
export interface Api {
  /** Makes the flag of the example, unless it is there. */
  createFlag(key: string): Promise<void>;
  /** Makes a server key; `revoke` takes it back. */
  createKey(): Promise<{ readonly key: string; readonly revoke: () => Promise<void> }>;
}

const PROJECT = '/api/v1/projects/default';

/** The environment of the example; it is not protected, so that a click is enough. */
export const ENVIRONMENT = 'development';

/** An API client at an address, as the owner. */
export function createApi(url: string, token: string): Api {
  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    async createFlag(key) {
      const answer = await ask('POST', `${PROJECT}/flags`, { key, description: 'Made by examples/cluster' });
      if (!answer.ok && answer.status !== 409) throw new Error(await answer.text());
    },
    async createKey() {
      const keys = `${PROJECT}/environments/${ENVIRONMENT}/keys`;
      const answer = await ask('POST', keys, { kind: 'server', name: 'examples/cluster' });
      if (!answer.ok) throw new Error(await answer.text());
      const { id, key }: { id: string; key: string } = JSON.parse(await answer.text());
      return { key, revoke: async () => void (await ask('DELETE', `${keys}/${id}`)) };
    },
  };
}

/** Connections of SDKs that a server has, from its metrics. */
export async function connectionsOf(url: string, token: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  return Number(/^dimmer_connections\{kind="server"\} (\d+)/m.exec(await answer.text())?.[1] ?? 0);
}
