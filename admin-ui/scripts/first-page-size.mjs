// What a browser has to load before the list of flags is there, compressed, against the budget.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET = { js: 160_000, css: 12_000, chunk: 40_000 };
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const assets = readdirSync(join(dist, 'assets'));
const size = (path) => gzipSync(readFileSync(join(dist, path))).length;

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const linked = [...page.matchAll(/(?:src|href)="\/((?:assets\/)?[\w.-]+\.(?:js|css))"/g)].map(([, path]) => path);
const scripts = new Set(linked.filter((path) => path.endsWith('.js')));
for (const path of scripts) {
  const code = readFileSync(join(dist, path), 'utf8');
  for (const [, name] of code.matchAll(/(?:from|import)\s?"\.\/([\w.-]+\.js)"/g)) scripts.add(`assets/${name}`);
}

// The words of the first page come in the reader's language: count the longer of the two.
const words = assets.filter((name) => /^first-.*\.js$/.test(name) && !scripts.has(`assets/${name}`));
const js =
  [...scripts].reduce((sum, path) => sum + size(path), 0) + Math.max(0, ...words.map((name) => size(`assets/${name}`)));
const css = linked.filter((path) => path.endsWith('.css')).reduce((sum, path) => sum + size(path), 0);
const chunks = assets
  .filter((name) => name.endsWith('.js') && !scripts.has(`assets/${name}`))
  .map((name) => ({ name, bytes: size(`assets/${name}`) }))
  .sort((a, b) => b.bytes - a.bytes);
const [largest] = chunks;

const lines = [
  ['JavaScript of the first page', js, BUDGET.js],
  ['CSS of the first page, without fonts', css, BUDGET.css],
  [`Largest chunk of another page (${largest?.name})`, largest?.bytes ?? 0, BUDGET.chunk],
];
for (const [name, bytes, budget] of lines) {
  process.stdout.write(
    `${bytes <= budget ? 'ok  ' : 'OVER'} ${(bytes / 1000).toFixed(1).padStart(6)} kB of ${budget / 1000} kB gz  ${name}\n`,
  );
}
process.exitCode = lines.some(([, bytes, budget]) => bytes > budget) ? 1 : 0;
