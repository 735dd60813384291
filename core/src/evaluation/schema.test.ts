import { describe, expect, test } from 'vitest';
import { type Flag, KNOWN_SCHEMA, type Segment } from '../model/index.ts';
import { applySchema, applySegmentSchema, createEvaluator } from './index.ts';

const held: Flag = {
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  off: 'off',
  rules: [{ id: 'r', if: { attr: 'staff', in: [true] }, serve: 'on' }],
  default: 'off',
};
const newer: Flag = {
  ...held,
  schema: KNOWN_SCHEMA + 1,
  enabled: false,
  rules: JSON.parse('[{"id": "r", "unless": {"moon": "full"}, "serve": "on"}]'),
};
const answer = (flag: Flag, context = {}): unknown =>
  createEvaluator({ flags: { flag }, segments: {} }).evaluate('flag', context);

describe('an object of a newer format', () => {
  test('switches a flag off all the same', () => {
    const { definition, readable } = applySchema(KNOWN_SCHEMA, newer, held);
    expect(readable).toBe(false);
    expect(answer(definition, { staff: true })).toEqual({ value: false, variant: 'off', reason: 'DISABLED' });
  });

  test('brings its variants, and keeps the rules and the default that were held', () => {
    const incoming = { ...newer, enabled: true, off: null, variants: { on: { value: false }, off: { value: true } } };
    const { definition } = applySchema(KNOWN_SCHEMA, incoming, held);
    expect(definition).toEqual({ ...held, off: null, variants: incoming.variants });
    expect(answer(definition, { staff: true })).toMatchObject({ value: false, variant: 'on', rule: 'r' });
  });

  test('cannot be read where nothing readable was held', () => {
    for (const previous of [undefined, newer]) {
      const { definition, readable } = applySchema(KNOWN_SCHEMA, newer, previous);
      expect(readable).toBe(false);
      expect(answer(definition)).toMatchObject({ reason: 'ERROR', errorCode: 'PARSE_ERROR' });
    }
  });

  test('several in a row keep what was last readable', () => {
    const { definition } = applySchema(KNOWN_SCHEMA, newer, held);
    const next = applySchema(KNOWN_SCHEMA, { ...newer, enabled: true }, definition);
    expect(answer(next.definition, { staff: true })).toMatchObject({ variant: 'on', rule: 'r' });
  });

  test('leaves a segment as it was, or unreadable', () => {
    const before: Segment = { condition: { all: [] } };
    const incoming: Segment = { schema: 2, condition: JSON.parse('{"moon": "full"}') };
    expect(applySegmentSchema(KNOWN_SCHEMA, incoming, before)).toEqual({ definition: before, readable: false });
    expect(applySegmentSchema(KNOWN_SCHEMA, incoming, undefined)).toEqual({ definition: incoming, readable: false });
    expect(applySegmentSchema(KNOWN_SCHEMA, before, incoming)).toEqual({ definition: before, readable: true });
  });
});

test('an object of a known format is taken as it is', () => {
  const changed = { ...held, schema: KNOWN_SCHEMA, default: 'on' };
  expect(applySchema(KNOWN_SCHEMA, changed, held)).toEqual({ definition: changed, readable: true });
});
