/** What is imported when it is needed, such as polling, is no part of what every page loads. */
const withoutLazyParts = {
  name: 'without-lazy-parts',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

// oxlint-disable-next-line import/no-default-export -- the tool reads it so
export default [
  {
    name: "import { createClient } from '@dimmer/sdk-browser'",
    path: 'sdk-browser/dist/index.js',
    import: '{ createClient }',
    limit: '5 kB',
    gzip: true,
    modifyEsbuildConfig: (config) => ({
      ...config,
      format: 'esm',
      plugins: [...(config.plugins ?? []), withoutLazyParts],
    }),
  },
];
