import { dirname } from 'node:path';
import { buildPackages } from '../lib/prepare.mjs';
import { capture, tool } from '../lib/run.mjs';
import { directionProblems } from './directions.mjs';
import { dockerfileFindings } from './dockerfile.mjs';
import { longFiles } from './file-length.mjs';
import { examineServerPackage } from './server-package.mjs';
import { silentSkips } from './skipped-tests.mjs';
import { sources } from './sources.mjs';

const PUBLISHED = ['core', 'sdk-node', 'sdk-browser'];
/** Ours are modules only. The conformance vectors are run from source, by the packages of this repository. */
const RESOLVERS = ['--profile', 'esm-only', '--no-emoji', '--exclude-entrypoints', 'conformance'];

/** Each step: what it checks, and how; `run` resolves to `{ ok, output, summary? }`. */
export function steps() {
  return [
    { name: 'build', run: (note) => buildPackages([], note) },
    { name: 'types', run: () => program('typescript', ['-b'], 'tsc') },
    ...sources(['tsconfig.test.json']).map((file) => ({
      name: `types of the tests of ${dirname(file)}`,
      run: () => program('typescript', ['-p', file], 'tsc'),
    })),
    { name: 'lint, with types and import directions', run: () => program('oxlint', ['--type-aware', '.']) },
    { name: 'every folder has a place in the import order', run: () => findings(directionProblems()) },
    { name: 'format', run: () => program('oxfmt', ['--check', '.']) },
    { name: 'package boundaries', run: () => program('turbo', ['boundaries']) },
    { name: 'nothing unused', run: () => program('knip', ['--no-progress']) },
    { name: 'no file too long', run: () => findings(longFiles()) },
    { name: 'no test skipped silently', run: () => findings(silentSkips()) },
    { name: 'Dockerfile', run: () => findings(dockerfileFindings()) },
    ...[...PUBLISHED, 'server'].map((name) => ({
      name: `package ${name} as published`,
      run: () => program('publint', ['--strict', name]),
    })),
    ...PUBLISHED.map((name) => ({
      name: `types of ${name} for every resolver`,
      run: () => program('@arethetypeswrong/cli', ['--pack', name, ...RESOLVERS], 'attw'),
    })),
    { name: 'size of the browser SDK', run: size },
    { name: 'size of the server package', run: examineServerPackage },
  ];
}

async function program(packageName, args, name) {
  const { code, output } = await capture(tool(packageName, name), args, { env: { NO_COLOR: '1' } });
  return { ok: code === 0, output };
}

function findings(problems) {
  return Promise.resolve({ ok: problems.length === 0, output: problems.join('\n') });
}

async function size() {
  const result = await program('size-limit', []);
  return { ...result, summary: /Size:\s+(.+)/.exec(result.output)?.[1] };
}
