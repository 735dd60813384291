// @vitest-environment node
import type { MatrixCell, SettingsView } from '@dimmer/core/api';
import type { Rule } from '@dimmer/core/model';
import { describe, expect, test } from 'vitest';
import { cellDirection, directionOf, stateOf, type State } from './exposure.ts';
import { cellAt, nextRung, rungOf } from './ladder.ts';

const off: MatrixCell = { enabled: false, percent: 100, audience: [], rules: 0 };
const on: MatrixCell = { ...off, enabled: true };
const dogfood: MatrixCell = { ...on, percent: 0, audience: ['dogfood'] };
const ten: MatrixCell = { ...dogfood, percent: 10 };

test.each<[State, MatrixCell]>([
  ['off', off],
  ['on', on],
  ['dogfood', dogfood],
  ['partial', ten],
  ['none', { ...on, percent: 0 }],
  ['audience', { ...on, percent: 0, audience: ['beta'] }],
  ['rules', { ...on, percent: 0, rules: 2 }],
  ['custom', { ...on, percent: null }],
])('a cell can be %s', (state, cell) => {
  expect(stateOf(cell)).toBe(state);
});

describe('the ladder', () => {
  test('a new flag starts dark, its next step is dogfood, then 1, 5, 10, 25, 50 and 100 %', () => {
    const steps: unknown[] = [];
    let cell = off;
    for (let rung = nextRung(cell); rung !== null; rung = nextRung(cell)) {
      steps.push(rung);
      cell = cellAt(cell, rung);
    }
    expect(steps).toEqual(['dogfood', 1, 5, 10, 25, 50, 100]);
    expect(rungOf(cell)).toBe(100);
  });

  test('a percentage keeps the audience, and starts with dogfood from the dark', () => {
    expect(cellAt(off, 10)).toEqual(ten);
    expect(cellAt({ ...ten, audience: ['beta'] }, 25).audience).toEqual(['beta']);
    expect(cellAt({ ...on, audience: [] }, 25).audience).toEqual([]);
  });

  test('0 % is a state of its own, neither dark nor 50 %', () => {
    expect(rungOf({ ...on, percent: 0 })).toBeNull();
    expect(stateOf({ ...on, percent: 0 })).toBe('none');
  });

  test('what stands between the rungs is on none', () => {
    expect(rungOf({ ...ten, percent: 12.5 })).toBeNull();
    expect(nextRung({ ...ten, percent: 12.5 })).toBe(25);
  });
});

describe('the direction of a change', () => {
  test('switching on raises, switching off lowers, off stays off', () => {
    expect(cellDirection(off, on)).toBe('raise');
    expect(cellDirection(on, off)).toBe('lower');
    expect(cellDirection(off, { ...off, percent: 10 })).toBe('keep');
  });

  test('a higher percentage or one more segment raises, less of either lowers', () => {
    expect(cellDirection(ten, { ...ten, percent: 25 })).toBe('raise');
    expect(cellDirection(ten, { ...ten, audience: ['dogfood', 'beta'] })).toBe('raise');
    expect(cellDirection(ten, { ...ten, percent: 5 })).toBe('lower');
    expect(cellDirection(ten, { ...ten, audience: [] })).toBe('lower');
  });

  test('lowering one thing while raising another counts as raising', () => {
    expect(cellDirection(ten, { ...ten, percent: 5, audience: ['dogfood', 'beta'] })).toBe('raise');
  });

  test('other rules count as raising while switched on, and as nothing while off', () => {
    const rollout = { percent: 10, variant: 'on', otherwise: 'off', by: 'targetingKey', audience: [] };
    const before: SettingsView = { enabled: true, off: 'off', rules: [], default: 'off', seed: 's', rollout };
    const rules: Rule[] = [{ id: 'r1', if: { attr: 'country', in: ['CN'] }, serve: 'on' }];
    expect(directionOf(before, { ...before, rules })).toBe('raise');
    expect(directionOf({ ...before, enabled: false }, { ...before, enabled: false, rules })).toBe('keep');
    expect(directionOf(before, { ...before, rollout: { ...rollout, percent: 5 } })).toBe('lower');
  });
});
