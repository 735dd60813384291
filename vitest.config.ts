import { defineConfig } from 'vitest/config';
import { defaultServerConditions } from 'vite';

const conditions = ['@dimmer/source', ...defaultServerConditions];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

// A limit only ends what hangs: a loaded machine must not fail a test that waits for real sockets and files.
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

const sharedPostgres = new URL('server/src/testing/shared-postgres.ts', import.meta.url).pathname;

/** One project per package; the system tests run against built packages and real processes. */
const unit = (name: string, dir = name, more: object = {}) => ({
  resolve,
  ssr,
  test: {
    ...patience,
    name,
    root: new URL(dir, import.meta.url).pathname,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'conformance/**/*.test.ts'],
    ...more,
  },
});

export default defineConfig({
  test: {
    projects: [
      unit('core'),
      unit('server', 'server', { globalSetup: [sharedPostgres] }),
      // Whatever depends on the database, once more on the other one.
      unit('server-postgres', 'server', {
        globalSetup: [sharedPostgres],
        env: { DIMMER_TEST_DATABASE: 'postgres' },
        include: ['changes', 'environments', 'segments', 'ruleset'].map((part) => `src/${part}/**/*.test.ts`),
        exclude: ['src/ruleset/conformance.test.ts'],
      }),
      unit('sdk-node'),
      unit('sdk-browser'),
      unit('lamp-wall', 'examples/lamp-wall'),
      unit('server-rendered', 'examples/server-rendered'),
      unit('cluster', 'examples/cluster'),
      unit('docs'),
      unit('bench'),
      unit('faults'),
      {
        test: {
          ...patience,
          name: 'scripts',
          root: new URL('scripts', import.meta.url).pathname,
          include: ['**/*.test.mjs'],
        },
      },
      {
        resolve: { conditions: ['@dimmer/source', 'module', 'browser', 'development|production'] },
        test: {
          ...patience,
          name: 'admin-ui',
          root: new URL('admin-ui', import.meta.url).pathname,
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          root: new URL('admin-ui', import.meta.url).pathname,
          include: ['e2e/**/*.test.ts'],
          globalSetup: [new URL('admin-ui/e2e/support/global-setup.ts', import.meta.url).pathname],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
