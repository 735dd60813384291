import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Balancer, BalancerOptions } from './balancer.ts';

interface Target {
  readonly port: number;
  connections: number;
}

/**
 * Stands in where nginx is not installed: passes bytes on to the server with the fewest connections, and to the next
 * one when that refuses. It reads nothing, so that the servers do not learn the addresses of clients.
 */
export async function startNodeBalancer({ port, servers }: BalancerOptions): Promise<Balancer> {
  const targets = servers.map((one): Target => ({ port: one, connections: 0 }));
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy()).on('close', () => open.delete(client));
    passOn(
      client,
      targets.toSorted((a, b) => a.connections - b.connections),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    name: "the example's own balancer",
    port,
    output: () => '',
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const client of open) client.destroy();
      await closed;
    },
  };
}

/** Connects to the first of them that lets us. */
function passOn(client: Socket, [target, ...others]: readonly Target[]): void {
  if (target === undefined || client.destroyed) {
    client.destroy();
    return;
  }
  const upstream = connect(target.port, '127.0.0.1');
  const next = (): void => passOn(client, others);
  upstream.once('error', next);
  upstream.once('connect', () => {
    upstream.off('error', next).on('error', () => client.destroy());
    target.connections += 1;
    upstream.once('close', () => {
      target.connections -= 1;
      client.destroy();
    });
    client.once('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
}
