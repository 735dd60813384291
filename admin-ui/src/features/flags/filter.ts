import type { Environment, MatrixRow } from '@dimmer/core/api';
import { productionOf } from '../../lib/environment-look.ts';
import { stateOf } from '../../lib/exposure.ts';

export const VIEWS = ['all', 'dark', 'rolling', 'done', 'mine'] as const;
/** A saved selection of the list. */
export type View = (typeof VIEWS)[number];

/** What the list shows, as it stands in the URL. */
export interface FlagFilter {
  readonly text: string;
  readonly view: View;
}

/** What a row is compared with: made once per keystroke, not once per row. */
interface Needle {
  readonly words: readonly string[];
  readonly tags: readonly string[];
  readonly owners: readonly string[];
}

export function filterRows(
  rows: readonly MatrixRow[],
  filter: FlagFilter,
  environments: readonly Environment[],
  me: string,
): readonly MatrixRow[] {
  const needle = parse(filter.text);
  const last = productionOf(environments)?.key;
  return rows.filter((row) => matches(row, needle) && inView(row, filter.view, last, me));
}

function parse(text: string): Needle {
  const tokens = text.toLowerCase().split(/\s+/).filter(Boolean);
  const valuesOf = (prefix: string): string[] =>
    tokens.filter((token) => token.startsWith(prefix)).map((token) => token.slice(prefix.length));
  return {
    words: tokens.filter((token) => !token.startsWith('tag:') && !token.startsWith('owner:')),
    tags: valuesOf('tag:'),
    owners: valuesOf('owner:'),
  };
}

function matches(row: MatrixRow, { words, tags, owners }: Needle): boolean {
  const owner = (row.owner ?? '').toLowerCase();
  return (
    words.every((word) => `${row.key}\n${row.name}\n${row.description}`.toLowerCase().includes(word)) &&
    tags.every((tag) => row.tags.some((known) => known.toLowerCase().startsWith(tag))) &&
    owners.every((wanted) => owner.includes(wanted))
  );
}

function inView(row: MatrixRow, view: View, production: string | undefined, me: string): boolean {
  const cells = Object.values(row.cells);
  const last = production === undefined ? undefined : row.cells[production];
  const belongs: Readonly<Record<View, () => boolean>> = {
    all: () => true,
    dark: () => last !== undefined && stateOf(last) === 'off',
    rolling: () => cells.some((cell) => ['dogfood', 'audience', 'partial'].includes(stateOf(cell))),
    done: () => cells.length > 0 && cells.every((cell) => stateOf(cell) === 'on' && cell.rules === 0),
    mine: () => row.owner !== null && row.owner.toLowerCase() === me.toLowerCase(),
  };
  return belongs[view]();
}
