import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { moveInGrid, type Extent, type Place } from './grid-keys.ts';

interface GridFocusOptions {
  readonly extent: Extent;
  /** Letters move too. */
  readonly letters: boolean;
  readonly find: (place: Place) => HTMLElement | null;
  readonly reveal: (row: number) => void;
}

interface GridFocus {
  /** The place that has the tab stop. */
  readonly active: Place;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** One tab stop that the keys move, through rows that are only painted when they come into view. */
export function useGridFocus({ extent, letters, find, reveal }: GridFocusOptions): GridFocus {
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const moved = useRef(false);
  const row = Math.min(place.row, Math.max(0, extent.rows - 1));
  const active: Place = { row, column: Math.min(place.column, extent.columns - 1) };
  const latestFind = useRef(find);
  useEffect(() => {
    latestFind.current = find;
  });

  useEffect(() => {
    if (!moved.current) return undefined;
    let frame = 0;
    const focus = (tries: number): void => {
      const target = latestFind.current(place);
      if (target !== null) {
        moved.current = false;
        target.focus({ preventScroll: true });
      } else if (tries > 0) {
        // The row has to be painted first.
        frame = requestAnimationFrame(() => focus(tries - 1));
      }
    };
    focus(5);
    return () => cancelAnimationFrame(frame);
  }, [place]);

  return {
    active,
    onKeyDown(event) {
      if (event.altKey || event.metaKey || (event.key.length === 1 && !letters)) return;
      const next = moveInGrid(event, active, extent);
      if (next === null) return;
      event.preventDefault();
      moved.current = true;
      reveal(next.row);
      setPlace(next);
    },
    onFocus({ target }) {
      const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
      const [atRow, column] = at?.split(':').map(Number) ?? [];
      if (atRow === undefined || column === undefined) return;
      if (atRow !== active.row || column !== active.column) setPlace({ row: atRow, column });
    },
  };
}
