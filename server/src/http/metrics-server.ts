import { createServer } from 'node:http';
import type { Log } from '../log.ts';
import type { Service } from '../service.ts';
import type { MetricsDeps } from './collect-metrics.ts';

/** Metrics on a port of their own, open to whoever can reach it. */
export function createMetricsServer(
  address: { readonly host: string; readonly port: number },
  deps: MetricsDeps,
  log: Log,
): Service {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    import('./collect-metrics.ts')
      .then(({ collectMetrics }) => collectMetrics(deps))
      .then(({ type, text }) => response.writeHead(200, { 'Content-Type': type }).end(text))
      .catch((error: unknown) => {
        log.error({ error }, 'metrics failed');
        response.writeHead(500).end();
      });
  });
  return {
    run: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(address.port, address.host, () => resolve());
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
