// Stands in for curl on machines without it: the options that our pages use, with curl's own meaning.
import { readFileSync } from 'node:fs';

const VALUED = new Map([
  ['-X', 'method'],
  ['--request', 'method'],
  ['-H', 'header'],
  ['--header', 'header'],
  ['-d', 'data'],
  ['--data', 'data'],
  ['--json', 'json'],
  ['-w', 'format'],
  ['-o', 'file'],
  ['-m', 'seconds'],
  ['--max-time', 'seconds'],
]);

const options = { header: [], flags: new Set() };
let url;
for (let rest = process.argv.slice(2); rest.length > 0;) {
  const [word, ...after] = rest;
  rest = after;
  const name = VALUED.get(word);
  if (name === 'header') options.header.push(rest.shift());
  else if (name !== undefined) options[name] = rest.shift();
  else if (/^-[a-zA-Z]+$/.test(word)) for (const letter of word.slice(1)) options.flags.add(letter);
  else if (word.startsWith('--')) options.flags.add(word);
  else url = word;
}

const headers = new Headers({ accept: '*/*', 'user-agent': 'curl' });
const data = options.json ?? options.data;
if (options.json !== undefined) {
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/json');
} else if (data !== undefined) {
  headers.set('content-type', 'application/x-www-form-urlencoded');
}
for (const line of options.header) {
  const at = line.indexOf(':');
  headers.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
}
const body = data?.startsWith('@') ? readFileSync(data === '@-' ? 0 : data.slice(1)) : data;
const method = options.method ?? (body === undefined ? 'GET' : 'POST');
try {
  const seconds = options.seconds === undefined ? undefined : AbortSignal.timeout(Number(options.seconds) * 1000);
  const response = await fetch(url, { method, headers, ...(body && { body }), ...(seconds && { signal: seconds }) });
  if (options.flags.has('i')) {
    process.stdout.write(`HTTP/1.1 ${response.status} ${response.statusText}\r\n`);
    for (const [name, value] of response.headers) process.stdout.write(`${name}: ${value}\r\n`);
    process.stdout.write('\r\n');
  }
  const text = await response.text();
  const failed = (options.flags.has('f') || options.flags.has('--fail-with-body')) && response.status >= 400;
  if ((!failed || options.flags.has('--fail-with-body')) && options.file !== '/dev/null') process.stdout.write(text);
  if (options.format !== undefined) {
    process.stdout.write(options.format.replaceAll('%{http_code}', String(response.status)).replaceAll('\\n', '\n'));
  }
  if (failed) {
    process.stderr.write(`curl: (22) The requested URL returned error: ${response.status}\n`);
    process.exitCode = 22;
  }
} catch (error) {
  process.stderr.write(`curl: (7) ${error.message}\n`);
  process.exitCode = 7;
}
