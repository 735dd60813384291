// npm start -w examples/cluster: from a fresh clone to a running cluster. Arguments go to it: -- --servers 3
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { handOver } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');

await prepare({ build: ['@dimmer/server', '@dimmer/admin-ui', '@dimmer/example-cluster'] });
process.exitCode = await handOver([process.execPath], ['examples/cluster/dist/main.js', ...process.argv.slice(2)]);
