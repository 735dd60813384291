import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capture, root, tool } from '../lib/run.mjs';
import { PACKAGES } from './directions.mjs';

let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-directions-'));
  for (const file of ['.oxlintrc.json', 'scripts/check/directions.generated.json']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the linter reports every import against the order of folders, and none along it', async () => {
  const forbidden = [];
  for (const [name, { order = [] }] of Object.entries(PACKAGES)) {
    for (const [from, to, isForbidden] of pairs(order)) {
      const file = `${name}/src/${from}/nested/to-${to}.ts`;
      write(file, `export { x } from '../../${to}/x.ts';\n`);
      if (isForbidden) forbidden.push(file);
    }
  }
  expect(await reported()).toEqual(forbidden.toSorted());
});

test('the linter reports imports of packages that a package must not know', async () => {
  const forbidden = [
    ['core/src/model/a.ts', '@dimmer/sdk-node'],
    ['server/src/hub/a.ts', '@dimmer/sdk-node'],
    ['sdk-node/src/a.ts', '@dimmer/server/testing'],
    ['sdk-browser/src/a.ts', 'node:fs'],
    ['sdk-node/src/b.ts', '../../core/src/model/flag.ts'],
    ['admin-ui/src/features/flags/a.tsx', '@dimmer/server/testing'],
    ['admin-ui/src/features/flags/b.tsx', '@base-ui/react/switch'],
  ];
  const allowed = [
    ['server/src/hub/b.ts', '@dimmer/core/model'],
    ['sdk-node/src/a.test.ts', '@dimmer/server/testing'],
    ['sdk-node/src/c.ts', 'node:fs'],
    ['admin-ui/src/ui/a.tsx', '@base-ui/react/switch'],
  ];
  for (const [file, imported] of [...forbidden, ...allowed]) write(file, `export { x } from '${imported}';\n`);
  expect(await reported()).toEqual(forbidden.map(([file]) => file).toSorted());
});

function pairs(order) {
  return order.flatMap((step, at) =>
    step.flatMap((from) =>
      order.flatMap((other, otherAt) => other.filter((to) => to !== from).map((to) => [from, to, otherAt > at])),
    ),
  );
}

function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

async function reported() {
  const { output } = await capture(tool('oxlint'), ['-f', 'unix', '.'], { cwd: folder });
  const lines = output.split('\n').filter((line) => line.includes('no-restricted-imports'));
  return [...new Set(lines.map((line) => line.split(':')[0]))].toSorted((a, b) => (a < b ? -1 : 1));
}
