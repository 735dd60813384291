import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './page-runner.ts';

const FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

const manifests = [
  '',
  'core',
  'server',
  'sdk-node',
  'sdk-browser',
  'admin-ui',
  'docs',
  'bench',
  ...readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}`),
].filter((folder) => existsSync(join(ROOT, folder, 'package.json')));

test.each(manifests)('decision 0001 gives a reason for every dependency of "%s"', (folder) => {
  const page = readFileSync(join(ROOT, 'docs/decisions/0001-dependencies.md'), 'utf8');
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const names = FIELDS.flatMap((field) => Object.keys(manifest[field] ?? {}));
  const foreign = names.filter((name) => !name.startsWith('@dimmer/'));
  expect(foreign.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('decision 0001 names no package that nothing depends on any more', () => {
  const page = readFileSync(join(ROOT, 'docs/decisions/0001-dependencies.md'), 'utf8');
  const listed = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => line.split('|')[1]?.match(/(?<=`)[^`\s,]+(?=`)/g) ?? []);
  const used = new Set(
    manifests.flatMap((folder) => {
      const manifest: Record<string, object> = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      return FIELDS.flatMap((field) => Object.keys(manifest[field] ?? {}));
    }),
  );
  expect(listed.filter((name) => !used.has(name))).toEqual([]);
});
