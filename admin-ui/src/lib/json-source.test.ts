// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from './json-source.ts';

/** What JSON is made of. */
const SIGNS = '{}[]",:\\u0123456789.eE+- truefalsnl\n\t'.split('');

test('JSON is read as every other reader reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const source = JSON.stringify(value, null, indent);
      const read = readJson(source);
      if (read.kind === 'fault') {
        // A random large number may be one that cannot be kept.
        expect(read.fault.kind).toBe('number');
        return;
      }
      expect(read.value).toEqual(JSON.parse(source));
    }),
  );
});

test('what no reader of JSON accepts is not accepted', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...SIGNS) }), (source) => {
      let valid = true;
      try {
        JSON.parse(source);
      } catch {
        valid = false;
      }
      const read = readJson(source);
      if (!valid) expect(read.kind).toBe('fault');
      else if (read.kind === 'fault') expect(['twice', 'number']).toContain(read.fault.kind);
    }),
    { numRuns: 2000 },
  );
});

describe('a fault says where and what', () => {
  test.each([
    ['', 'value', 1, 1, ''],
    ['{\n  "a": 1,\n}', 'name', 3, 1, '}'],
    ['{"a" 1}', 'colon', 1, 6, '1'],
    ['[1 2]', 'comma', 1, 4, '2'],
    ['[1, 2', 'comma', 1, 6, ''],
    ['{"a": yes}', 'value', 1, 7, 'yes'],
    ["{'a': 1}", 'name', 1, 2, "'"],
    ['{"a": "b\n"}', 'string', 1, 7, '"'],
    ['{"a": 1, "b": 2, "a": 3}', 'twice', 1, 18, '"'],
    ['{"a": 12345678901234567890}', 'number', 1, 7, '12345678901234567890'],
    ['[1e999]', 'number', 1, 2, '1e999'],
    ['[01]', 'value', 1, 2, '01'],
    ['{} x', 'end', 1, 4, 'x'],
    ['['.repeat(100_000), 'deep', 1, 202, '['],
  ])('%#: %.20j', (source, kind, line, column, found) => {
    expect(readJson(source)).toEqual({ kind: 'fault', fault: { kind, place: { line, column }, found } });
  });
});

test('every member has its place, and what is missing that of what is around it', () => {
  const read = readJson('{\n  "rules": [\n    { "id": "x", "a/b": 1 }\n  ]\n}');
  if (read.kind === 'fault') throw new Error('not read');
  expect(read.placeOf('/rules/0/a~1b')).toEqual({ line: 3, column: 18 });
  expect(read.placeOf('/rules/0/serve')).toEqual({ line: 3, column: 5 });
  expect(read.placeOf('/default')).toEqual({ line: 1, column: 1 });
});
