/** A place in the keyboard grid; column 0 is the flag's name. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows of one page, for PageUp and PageDown. */
  readonly page: number;
}

/** What is needed of a keyboard event. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
}

/** Where a key leads; null for keys the grid does not know. */
export function moveInGrid({ key, ctrlKey }: Key, { row, column }: Place, extent: Extent): Place | null {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  const at = (nextRow: number, nextColumn: number): Place => ({
    row: Math.min(Math.max(nextRow, 0), lastRow),
    column: Math.min(Math.max(nextColumn, 0), lastColumn),
  });
  switch (key) {
    case 'ArrowUp':
    case 'k':
      return at(row - 1, column);
    case 'ArrowDown':
    case 'j':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'Home':
      return ctrlKey ? at(0, 0) : at(row, 0);
    case 'End':
      return ctrlKey ? at(lastRow, lastColumn) : at(row, lastColumn);
    case 'PageUp':
      return at(row - extent.page, column);
    case 'PageDown':
      return at(row + extent.page, column);
    default:
      return null;
  }
}
