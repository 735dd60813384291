import { USERS } from '../users.ts';
import { compareLamps, type Difference } from '../wall-state.ts';
import { element } from './elements.ts';

/** The thousand lamps as elements; it only paints what changed. */
export interface WallView {
  paint(lit: readonly boolean[]): Difference;
  /** Rings the lamp of user `n`. */
  mark(n: number): void;
  /** Names the lamps, for the pointer that rests on one. */
  name(toName: (n: number) => string): void;
}

/** Hangs the lamps; `onPress` gets the number of the user whose lamp was pressed. */
export function hangLamps(onPress: (n: number) => void): WallView {
  const wall = element('wall');
  const lamps = Array.from({ length: USERS }, (_, index) => {
    const lamp = document.createElement('i');
    lamp.dataset.n = String(index + 1);
    return lamp;
  });
  wall.append(...lamps);
  wall.addEventListener('click', (event) => {
    if (event.target instanceof HTMLElement && event.target.dataset.n !== undefined)
      onPress(Number(event.target.dataset.n));
  });

  let before: readonly boolean[] | undefined;
  let marked: HTMLElement | undefined;
  return {
    paint(lit) {
      const first = before === undefined;
      const difference = compareLamps(before ?? [], lit);
      for (const [index, lamp] of lamps.entries()) {
        const on = lit[index] ?? false;
        const changed = on !== (before?.[index] ?? false);
        lamp.classList.toggle('on', on);
        // Lamps that were lit already stay as they are: that is the point of the wall.
        lamp.classList.toggle('new', on && changed && !first);
      }
      before = lit;
      return difference;
    },
    mark(n) {
      marked?.classList.remove('me');
      marked = lamps[n - 1];
      marked?.classList.add('me');
    },
    name(toName) {
      for (const [index, lamp] of lamps.entries()) lamp.title = toName(index + 1);
    },
  };
}
