// Puts the compiled `dimmer` command into few files: start-up is mostly the loading of modules, and half of that is
// finding them. Every file keeps the address it was compiled to, so that what it finds beside itself is still there.
import { readFile, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('dist', import.meta.url));
const outdir = `${dist}/bin`;

/** `import.meta.url` of a file becomes where the file was, seen from where the bundle is. */
const keepAddresses = {
  name: 'keep-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(dist)) return undefined;
      const text = await readFile(path, 'utf8');
      const address = `new URL(${JSON.stringify(relative(outdir, path))}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', address), loader: 'js', resolveDir: dirname(path) };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { dimmer: `${dist}/main.js` },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Native, or loaded by name when they are needed: these stay packages of their own.
  external: ['better-sqlite3', 'pg', 'pino', 'pino-pretty', 'prom-client', 're2js'],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  plugins: [keepAddresses],
  legalComments: 'inline',
  logLevel: 'warning',
});
