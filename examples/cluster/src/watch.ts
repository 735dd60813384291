import type { Client } from '@dimmer/sdk-node';
import { connectionsOf, ENVIRONMENT } from './api.ts';
import { FLAG, type Cluster } from './start-cluster.ts';

/** Tells of every version that all clients have, and of every client that loses or finds its server. */
export function watch({ clients, servers, adminToken }: Cluster, say: (line: string) => void): void {
  let first: { readonly version: number; readonly at: number } | undefined;
  const arrived = (client: Client): void => {
    const { version } = client.status;
    if (first === undefined || version > first.version) first = { version, at: performance.now() };
    if (clients.some((other) => other.status.version !== version)) return;
    const on = clients.filter((one, n) => one.isEnabled(FLAG, { targetingKey: `user-${n}` })).length;
    const ms = Math.round(performance.now() - first.at);
    say(
      `Version ${version} of ${ENVIRONMENT}: all ${clients.length} clients have it, the last ${ms} ms after the first. ${FLAG} is on for ${on} of them.`,
    );
  };
  for (const [n, client] of clients.entries()) {
    let before = client.status.state;
    client.on('change', () => arrived(client));
    client.on('status', ({ state }) => {
      if (state === before || state === 'closed') return;
      before = state;
      say(`Client ${n + 1} is ${state}${state === 'live' ? '' : ', and goes on with what it has'}.`);
      if (clients.every((one) => one.status.state === 'live')) void sayWhere();
    });
  }

  async function sayWhere(): Promise<void> {
    const counts = await Promise.all(
      servers.map(async ({ url, port }) => {
        const count = await connectionsOf(url, adminToken).catch(() => undefined);
        return `server ${port} has ${count ?? 'gone, and 0'}`;
      }),
    );
    say(`All clients are live: ${counts.join(', ')}.`);
  }
}
