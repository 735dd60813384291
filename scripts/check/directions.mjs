// Which folder may import which. This table is the rule; oxlint enforces what is generated from it, in editors too.
// After a change here: node scripts/check/directions.mjs --write
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../lib/run.mjs';

const GENERATED = join(root, 'scripts/check/directions.generated.json');

/**
 * `order`: steps from left to right; a folder or file imports from its own step and from those before it.
 * `apart`: folders that never import each other. `forbids`: packages that the sources (not the tests) never import.
 */
export const PACKAGES = {
  core: {
    order: [['model'], ['evaluation', 'protocol', 'api'], ['replica', 'openfeature']],
    forbids: ['@dimmer/'],
  },
  server: {
    order: [
      ['config', 'log', 'service', 'refusal'],
      ['policy'],
      ['storage'],
      ['changes'],
      ['ruleset'],
      ['repair'],
      ['auth'],
      ['flags', 'segments', 'environments'],
      ['hub'],
      ['replicas'],
      ['edge'],
      ['http'],
      ['compose'],
      ['cli', 'main', 'testing'],
    ],
    forbids: ['@dimmer/sdk-', '@dimmer/admin-ui'],
  },
  'sdk-node': { forbids: ['@dimmer/server', '@dimmer/sdk-browser'] },
  'sdk-browser': { forbids: ['@dimmer/server', '@dimmer/sdk-node', 'node:'] },
  'admin-ui': {
    order: [['ui', 'lib'], ['features'], ['app'], ['main', 'testing']],
    apart: 'features',
    forbids: ['@dimmer/server', '@dimmer/sdk-'],
    // Only the wrappers know the widget library, so that it can be replaced.
    reserved: { '@base-ui/': 'ui' },
  },
};

/** The oxlint configuration that follows from the table. Overrides for one file do not merge: each has its whole list. */
export function generate() {
  const overrides = Object.entries(PACKAGES).flatMap(([name, rules]) => [
    override([`${name}/src/**`], packagePatterns(name, rules)),
    ...(rules.order ?? []).flatMap((step, at) => step.flatMap((member) => memberOverrides(name, rules, member, at))),
  ]);
  const lines = overrides.map((entry) => JSON.stringify(entry)).join(',\n');
  return `{"overrides": [\n${lines}\n]}\n`;
}

function packagePatterns(name, { forbids, reserved = {} }, member) {
  const others = [...Object.keys(PACKAGES), 'docs', 'bench', 'faults', 'examples'].filter((other) => other !== name);
  return [
    pattern(
      `^(${forbids.map(escape).join('|')})`,
      `${name} does not import this package; see scripts/check/directions.mjs`,
    ),
    pattern(`^(\\.\\./)+(${others.join('|')})/`, 'import another package by its name, never by its path'),
    ...Object.entries(reserved)
      .filter(([, only]) => only !== member)
      .map(([prefix, only]) => pattern(`^${escape(prefix)}`, `only ${name}/src/${only} imports this`)),
  ];
}

function memberOverrides(name, rules, member, at) {
  const later = rules.order.slice(at + 1).flat();
  const patterns = packagePatterns(name, rules, member);
  const names = `(${later.map(escape).join('|')})(/|\\.tsx?$)`;
  const message = `${member} comes before this in the order of ${name}; see scripts/check/directions.mjs`;
  const inFolder = later.length === 0 ? [] : [pattern(`^(\\.\\./)+${names}`, message)];
  const asFile = later.length === 0 ? [] : [pattern(`^\\./${names}`, message)];
  return [
    override([`${name}/src/${member}.ts`, `${name}/src/${member}.tsx`], [...patterns, ...asFile]),
    override([`${name}/src/${member}/**`], [...patterns, ...inFolder]),
    ...(rules.apart === member ? apartOverrides(name, member, [...patterns, ...inFolder]) : []),
  ];
}

function apartOverrides(name, member, patterns) {
  const folders = foldersOf(join(root, name, 'src', member));
  return folders.map((folder) => {
    const others = folders.filter((other) => other !== folder).map(escape);
    if (others.length === 0) return override([`${name}/src/${member}/${folder}/**`], patterns);
    const across = pattern(
      `^(\\.\\./)+(${others.join('|')})/`,
      `${member} never import each other; compose them in app`,
    );
    return override([`${name}/src/${member}/${folder}/**`], [...patterns, across]);
  });
}

const pattern = (regex, message) => ({ regex, message });
const override = (files, patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function foldersOf(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && holdsFiles(join(folder, entry.name)))
    .map((entry) => entry.name)
    .toSorted();
}

/** Empty folders are no part of a clone. */
function holdsFiles(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.some((entry) => entry.isFile() || holdsFiles(join(folder, entry.name)));
}

/** What is wrong: a folder or file without a place in its package's order, or a generated file that is not the table's. */
export function directionProblems() {
  const problems = [];
  for (const [name, { order }] of Object.entries(PACKAGES)) {
    if (order === undefined) continue;
    const known = new Set(order.flat());
    for (const entry of readdirSync(join(root, name, 'src'), { withFileTypes: true })) {
      const member = entry.name.replace(/(\.test)?\.tsx?$/, '');
      const isCode = entry.isDirectory() || (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'));
      if (isCode && !known.has(member)) problems.push(`${name}/src/${entry.name} has no place in the order`);
    }
  }
  if (!existsSync(GENERATED) || readFileSync(GENERATED, 'utf8') !== generate()) {
    problems.push('directions.generated.json is not up to date: node scripts/check/directions.mjs --write');
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--write')) {
  writeFileSync(GENERATED, generate());
}
