// npm start: from a fresh clone to a running server with a demo, in one command. Arguments go to `dimmer serve`.
import { checkNode } from './lib/node-version.mjs';
import { START_HELP } from './lib/start-help.mjs';

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(START_HELP);
  process.exit();
}
checkNode();
const { handOver } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');
const { refuseTakenPort } = await import('./lib/port.mjs');

const SERVING = ['@dimmer/server', '@dimmer/admin-ui', '@dimmer/example-lamp-wall'];

await refuseTakenPort(args);
await prepare({ build: SERVING });
process.exitCode = await handOver([process.execPath], ['server/bin/dimmer.js', 'serve', '--demo', ...args]);
