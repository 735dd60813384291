#!/usr/bin/env node
// The `dimmer` command. It is in the repository, so that npm can link to it before anything is built.
import { existsSync } from 'node:fs';

const built = new URL('../dist/bin/dimmer.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('dimmer is not built yet: run `npm run build` or `npm start` first.\n');
  process.exitCode = 5; // cannot start, as everywhere in this command
}
