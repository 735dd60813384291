// Bundles the page's script for the browser, with the SDK in it, into dist/public.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const out = fileURLToPath(new URL('dist/public', import.meta.url));

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: [fileURLToPath(new URL('src/page/page.ts', import.meta.url))],
  bundle: true,
  // What the SDK loads only when it needs it stays a file of its own.
  splitting: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: 'es2022',
  outdir: out,
  logLevel: 'warning',
});
