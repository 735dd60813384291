// @vitest-environment node
import { expect, test } from 'vitest';
import { moveInGrid } from './grid-keys.ts';

const extent = { rows: 2000, columns: 6, page: 10 };
const press = (key: string, row: number, column: number, ctrlKey = false) =>
  moveInGrid({ key, ctrlKey }, { row, column }, extent);

test('arrows move by one and stop at the edges', () => {
  expect(press('ArrowDown', 0, 0)).toEqual({ row: 1, column: 0 });
  expect(press('ArrowUp', 0, 0)).toEqual({ row: 0, column: 0 });
  expect(press('ArrowRight', 0, 5)).toEqual({ row: 0, column: 5 });
  expect(press('ArrowLeft', 3, 2)).toEqual({ row: 3, column: 1 });
});

test('Home and End go through the row, with Ctrl through the grid', () => {
  expect(press('End', 4, 0)).toEqual({ row: 4, column: 5 });
  expect(press('Home', 4, 3)).toEqual({ row: 4, column: 0 });
  expect(press('End', 4, 0, true)).toEqual({ row: 1999, column: 5 });
  expect(press('Home', 4, 3, true)).toEqual({ row: 0, column: 0 });
});

test('pages are as long as they are shown', () => {
  expect(press('PageDown', 1995, 1)).toEqual({ row: 1999, column: 1 });
  expect(press('PageUp', 15, 1)).toEqual({ row: 5, column: 1 });
});

test('other keys are left to the page', () => {
  expect(press('Enter', 0, 0)).toBeNull();
  expect(press(' ', 0, 0)).toBeNull();
});
