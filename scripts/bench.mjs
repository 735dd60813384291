// npm run bench: builds, then measures. `npm run bench -- a` (evaluation), `b` (delivery), `c` (start-up), or by name; default all.
// Parts of delivery by name, sizes by option: `npm run bench -- propagation storm --sockets=1000 --storm-sockets=2000`.
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { handOver } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');

await prepare({ build: ['@dimmer/bench'] });
process.exitCode = await handOver([process.execPath, '--expose-gc'], ['bench/dist/main.js', ...process.argv.slice(2)]);
