// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseSync } from 'vite';

const source = fileURLToPath(new URL('..', import.meta.url));
/** Attributes whose value people read or hear. */
const SPOKEN = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint', 'lead']);

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
  }
}

function hasLetters(value: unknown): boolean {
  return typeof value === 'string' && /\p{Letter}/u.test(value);
}

/** Texts in the markup of a component that a translator would never see. */
function literals(file: string): string[] {
  const { program } = parseSync(file, readFileSync(file, 'utf8'), { lang: 'tsx' });
  const found: string[] = [];
  for (const node of walk(program as unknown as Node)) {
    if (node.type === 'JSXText' && hasLetters(node['value'])) found.push(String(node['value']).trim());
    if (node.type === 'JSXExpressionContainer' && isNode(node['expression'])) {
      const { type, value } = node['expression'] as Node & { value?: unknown };
      if (type === 'Literal' && hasLetters(value)) found.push(String(value));
    }
    if (node.type !== 'JSXAttribute' || !isNode(node['name']) || !isNode(node['value'])) continue;
    const value = node['value']['value'];
    if (SPOKEN.has(String(node['name']['name'])) && hasLetters(value)) found.push(String(value));
  }
  return found;
}

const components = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx') && !file.endsWith('.test.tsx') && !file.startsWith('testing'))
  .map((file) => join(source, file));

test('no component has a text of its own', () => {
  expect(components.length).toBeGreaterThan(50);
  expect(components.flatMap((file) => literals(file).map((text) => `${file.slice(source.length)}: ${text}`))).toEqual(
    [],
  );
});
