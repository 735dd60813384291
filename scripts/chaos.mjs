// npm run chaos -- --minutes N --seed S: breaks things at random under load; exit code 1 when a promise did not hold.
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { handOver } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');

await prepare({ build: ['@dimmer/faults'] });
process.exitCode = await handOver([process.execPath], ['faults/dist/chaos/main.js', ...process.argv.slice(2)]);
