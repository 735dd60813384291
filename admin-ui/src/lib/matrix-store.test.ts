// @vitest-environment node
import type { MatrixCell, MatrixRow } from '@dimmer/core/api';
import { expect, test, vi } from 'vitest';
import { MatrixStore } from './matrix-store.ts';

function cell(patch: Partial<MatrixCell> = {}): MatrixCell {
  return { enabled: false, percent: 100, audience: [], rules: 0, ...patch };
}

function row(key: string, cells: Record<string, MatrixCell>): MatrixRow {
  return {
    key,
    name: key,
    description: '',
    type: 'boolean',
    kind: 'release',
    tags: [],
    owner: null,
    cells,
    lastChange: null,
  };
}

function change(id: string, rows: readonly MatrixRow[], by: string | null = null, removed: readonly string[] = []) {
  return { id, rows, removed, by };
}

/** A store whose timers are run by hand. */
function timed() {
  const waiting: (() => void)[] = [];
  const store = new MatrixStore((action) => waiting.push(action));
  return { store, elapse: () => waiting.splice(0).forEach((action) => action()) };
}

test('a change from the feed repaints the cell it touches and no other', () => {
  const store = new MatrixStore();
  store.load([row('a', { dev: cell(), prod: cell() }), row('b', { dev: cell() })], store.fence());
  const [dev, prod, other] = [vi.fn(), vi.fn(), vi.fn()];
  store.subscribeCell('a', 'dev', dev);
  store.subscribeCell('a', 'prod', prod);
  store.subscribeCell('b', 'dev', other);
  store.apply(change('c1', [row('a', { dev: cell({ enabled: true }), prod: cell() })]));
  expect(dev).toHaveBeenCalledOnce();
  expect(prod).not.toHaveBeenCalled();
  expect(other).not.toHaveBeenCalled();
  expect(store.cell('a', 'dev')?.cell.enabled).toBe(true);
});

test('an answer that was asked for before the feed told of a row does not overwrite it', () => {
  const store = new MatrixStore();
  store.load([row('a', { prod: cell() })], store.fence());
  const asked = store.fence();
  store.apply(
    change('c1', [row('a', { prod: cell({ enabled: true, percent: 10 }) }), row('new', { prod: cell() })], null),
  );
  store.load([row('a', { prod: cell() })], asked);
  expect(store.cell('a', 'prod')?.cell).toMatchObject({ enabled: true, percent: 10 });
  expect(store.rows().map(({ key }) => key)).toEqual(['a', 'new']);
});

test('a flag archived while an older answer was on its way stays gone', () => {
  const store = new MatrixStore();
  store.load([row('a', { prod: cell() })], store.fence());
  const asked = store.fence();
  store.apply(change('c1', [], null, ['a']));
  store.load([row('a', { prod: cell() })], asked);
  expect(store.rows()).toEqual([]);
});

test('what was asked for is shown at once, and stays until the feed tells of it', () => {
  const { store } = timed();
  store.load([row('a', { prod: cell() })], store.fence());
  const expectation = store.expect('a', 'prod', { enabled: true });
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: true }, pending: true });
  expectation.confirm('c1');
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: true }, pending: true });
  store.apply(change('c1', [row('a', { prod: cell({ enabled: true }) })]));
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: true }, pending: false });
});

test('the feed may tell of a change before its answer arrives', () => {
  const { store } = timed();
  store.load([row('a', { prod: cell() })], store.fence());
  const expectation = store.expect('a', 'prod', { enabled: true });
  store.apply(change('c1', [row('a', { prod: cell({ enabled: true }) })]));
  expectation.confirm('c1');
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: true }, pending: false });
});

test('a refused change goes back to the truth', () => {
  const store = new MatrixStore();
  store.load([row('a', { prod: cell() })], store.fence());
  const listener = vi.fn();
  store.subscribeCell('a', 'prod', listener);
  store.expect('a', 'prod', { enabled: true }).drop();
  expect(listener).toHaveBeenCalledTimes(2);
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: false }, pending: false });
});

test('when the feed stays silent after an acknowledgement, the truth is shown anyway', () => {
  const { store, elapse } = timed();
  store.load([row('a', { prod: cell() })], store.fence());
  store.expect('a', 'prod', { enabled: true }).confirm('c1');
  elapse();
  expect(store.cell('a', 'prod')).toMatchObject({ cell: { enabled: false }, pending: false });
});

test('a cell that somebody else changed bears their name for a moment', () => {
  const { store, elapse } = timed();
  store.load([row('a', { prod: cell() })], store.fence());
  store.apply(change('c1', [row('a', { prod: cell({ enabled: true }) })], 'chen@example.com'));
  expect(store.cell('a', 'prod')?.touchedBy).toBe('chen@example.com');
  elapse();
  expect(store.cell('a', 'prod')?.touchedBy).toBeNull();
});

test('rows come sorted by code point, the same array until something changes', () => {
  const store = new MatrixStore();
  store.load([row('b', {}), row('B', {}), row('a', {})], store.fence());
  const rows = store.rows();
  expect(rows.map(({ key }) => key)).toEqual(['B', 'a', 'b']);
  expect(store.rows()).toBe(rows);
});
