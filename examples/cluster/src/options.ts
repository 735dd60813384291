import { parseArgs } from 'node:util';
import type { ClusterOptions } from './start-cluster.ts';

/** What `--help` says. */
export const HELP = `npm start -w examples/cluster -- [options]

  --servers NUMBER    Dimmer servers; 2
  --clients NUMBER    SDK clients; 6
  --port NUMBER       of the balancer; the servers take those that follow; 8420
  --balancer NAME     nginx, or node: the example's own; nginx if it is installed

DIMMER_DATABASE_URL   a PostgreSQL database to use and to keep; without it, a fresh one from npm
`;

/** The command line, checked; undefined for `--help`. Throws an error that says what is wrong. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): ClusterOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: 'string', default: '2' },
      clients: { type: 'string', default: '6' },
      port: { type: 'string', default: '8420' },
      balancer: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { balancer } = values;
  if (balancer !== undefined && balancer !== 'nginx' && balancer !== 'node')
    throw new Error('--balancer is nginx or node');
  const databaseUrl = env['DIMMER_DATABASE_URL'];
  if (databaseUrl !== undefined && !/^postgres(ql)?:/.test(databaseUrl))
    throw new Error('DIMMER_DATABASE_URL is no PostgreSQL database, and several servers need one');
  return {
    servers: numberOf('--servers', values.servers, 1),
    clients: numberOf('--clients', values.clients, 0),
    port: numberOf('--port', values.port, 0),
    balancer,
    databaseUrl,
  };
}

function numberOf(name: string, text: string, least: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${name} is a whole number from ${least}; it is ${JSON.stringify(text)}`);
}
