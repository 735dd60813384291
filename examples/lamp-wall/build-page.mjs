// Bundles the page for the browser, with the SDK in it, into dist/public.
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const page = fileURLToPath(new URL('src/page', import.meta.url));
const out = fileURLToPath(new URL('dist/public', import.meta.url));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { page: `${page}/page.ts` },
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: 'es2022',
  outdir: out,
  logLevel: 'warning',
});
// Fonts are fetched only by readers whose system has no Chinese font, and only the parts that the text needs.
await build({
  entryPoints: [`${page}/page.css`],
  bundle: true,
  minify: true,
  outdir: out,
  loader: { '.woff2': 'file' },
  assetNames: 'fonts/[name]',
  logLevel: 'warning',
});
for (const file of ['index.html', 'icon.svg']) await cp(`${page}/${file}`, `${out}/${file}`);
