import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, parseJsonText } from './json-text.ts';

describe('a JSON text', () => {
  test('that is valid and has no key twice reads as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseJsonText(text)).toEqual({ kind: 'value', value: JSON.parse(text) });
      }),
    );
  });

  test.each(['', '{', '{"a":}', "{'a':1}", '[1,]', '"', '{"a":"\\', 'nul', '\u{feff}{}'])('%j is malformed', (text) => {
    expect(parseJsonText(text)).toEqual({ kind: 'malformed' });
  });

  test.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"list":[{"x":1},{"x":1,"y":"x,{","x":2}]}', '/list/1/x'],
    ['{"a/b":{"c~":[],"c~":[]}}', '/a~1b/c~0'],
    ['{"a":{"b":1},"b":{"a":1},"a":3}', '/a'],
  ])('%s names a key twice, at %s', (text, path) => {
    expect(parseJsonText(text)).toEqual({ kind: 'duplicate', path });
  });

  test('with equal keys in different objects is fine', () => {
    expect(parseJsonText('[{"a":1},{"a":{"a":"a"}}]').kind).toBe('value');
  });

  test('may nest up to the limit and no deeper, even when it is hostile', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJsonText(nested(MAX_DEPTH)).kind).toBe('value');
    expect(parseJsonText(nested(MAX_DEPTH + 1)).kind).toBe('too-deep');
    expect(parseJsonText('['.repeat(5_000_000)).kind).toBe('too-deep');
    expect(parseJsonText(`{"a":"${'['.repeat(1000)}"}`).kind).toBe('value');
  });
});
