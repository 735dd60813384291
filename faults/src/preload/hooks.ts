// Runs in the thread that loads modules: puts a wrapper in the place of single exports of the built server.
import type { LoadHook } from 'node:module';

interface Wrapped {
  readonly file: string;
  readonly name: string;
  readonly wrapper: string;
}

const WRAPPED: readonly Wrapped[] = [
  { file: '/dist/changes/change-feed.js', name: 'createChangeFeed', wrapper: 'wrapCreateChangeFeed' },
  { file: '/dist/hub/outbox.js', name: 'Outbox', wrapper: 'wrapOutbox' },
  { file: '/dist/storage/postgres/doorbell.js', name: 'createDoorbell', wrapper: 'wrapCreateDoorbell' },
  { file: '/dist/hub/limits.js', name: 'HUB_LIMITS', wrapper: 'wrapLimits' },
];

/** Under this the wrapper finds what it wraps. */
const ORIGINAL = '?original';

/** Node's hook: gives the text of a module. */
export const load: LoadHook = (url, context, nextLoad) => {
  const wrapped = WRAPPED.find(({ file }) => url.endsWith(file));
  if (wrapped === undefined) return nextLoad(url, context);
  const { name, wrapper } = wrapped;
  const original = JSON.stringify(url + ORIGINAL);
  const wrappers = JSON.stringify(new URL('./wrappers.js', import.meta.url).href);
  const source = `
    import * as original from ${original};
    import { ${wrapper} } from ${wrappers};
    export * from ${original};
    export const ${name} = ${wrapper}(original.${name});
  `;
  return { format: 'module', source, shortCircuit: true };
};
