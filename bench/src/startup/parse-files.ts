// node parse-files.js FILE…: an otherwise empty Node process that parses JSON files and says so.
import { readFileSync } from 'node:fs';

let members = 0;
for (const file of process.argv.slice(2)) {
  const ruleset: { flags: object } = JSON.parse(readFileSync(file, 'utf8'));
  members += Object.keys(ruleset.flags).length;
}
process.stdout.write(`${members}\n`);
