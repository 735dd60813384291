import type { Command } from 'commander';
import type { CliIo } from './io.ts';
import { withExamples } from './options.ts';
import type { SetExitCode } from './tree.ts';

/** `edge`. */
export function addEdgeCommand(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const edge = program
    .command('edge')
    .description('serve one environment near its applications, from a server or another edge')
    .optionsGroup('Settings, each but --insecure also an environment variable (DIMMER_UPSTREAM, …):')
    .option('--upstream <url>', 'the server or edge to serve from')
    .option('--key <key>', 'a server key of the environment (better: DIMMER_EDGE_KEY, which other users cannot see)')
    .option('--data <folder>', 'where the last state is kept (default: data/edge; DIMMER_EDGE_DATA)')
    .option('--keys-stale-hours <hours>', 'how long keys stay good without the upstream (default: 24)')
    .option('--insecure', 'allow an upstream by http that is not on this machine')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 picks one (default: 8430)')
    .option('--trusted-proxies <addresses>', 'believe X-Forwarded-For from these, comma-separated')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--log-format <format>', 'pretty or json (default: pretty on a terminal)')
    .option('--metrics-port <number>', 'serve /metrics on a port of its own')
    .action(async (options) => setExitCode(await (await import('./edge.ts')).edge(options, io)));
  withExamples(
    edge,
    'DIMMER_EDGE_KEY=dmr_srv_… dimmer edge --upstream https://flags.example.com',
    'dimmer edge --upstream https://flags.example.com --host 0.0.0.0 --data /var/lib/dimmer-edge',
  );
}
