import type { MatrixCell } from '@dimmer/core/api';
import { DOGFOOD, stateOf } from './exposure.ts';

/** A step of the exposure ladder: switched off, the dogfood segment only, or a percentage. */
export type Rung = 'off' | 'dogfood' | number;

export const RUNGS: readonly Rung[] = ['off', 'dogfood', 1, 5, 10, 25, 50, 100];

/** Where a flag stands, if it stands exactly on a rung. */
export function rungOf(cell: MatrixCell): Rung | null {
  const state = stateOf(cell);
  if (state === 'off' || state === 'dogfood') return state;
  if (state !== 'partial' && state !== 'on') return null;
  return RUNGS.find((rung) => rung === cell.percent) ?? null;
}

/** The next sensible step upwards; null at the top, and for what is no rollout. */
export function nextRung(cell: MatrixCell): Rung | null {
  const state = stateOf(cell);
  if (state === 'off' || state === 'none') return 'dogfood';
  if (state === 'custom') return null;
  return RUNGS.find((rung) => typeof rung === 'number' && rung > (cell.percent ?? 0)) ?? null;
}

/** What stands there after stepping on a rung. Whoever tries things first is in from the first step on. */
export function cellAt(cell: MatrixCell, rung: Rung): MatrixCell {
  if (rung === 'off') return { ...cell, enabled: false };
  return { ...cell, enabled: true, percent: rung === 'dogfood' ? 0 : rung, audience: audienceAt(cell, rung) };
}

function audienceAt({ enabled, audience }: MatrixCell, rung: Exclude<Rung, 'off'>): readonly string[] {
  if (rung === 'dogfood') return audience.includes(DOGFOOD) ? audience : [DOGFOOD, ...audience];
  return rung < 100 && !enabled && audience.length === 0 ? [DOGFOOD] : audience;
}

/** The rungs below and above a percentage that is on none. */
export function betweenRungs(cell: MatrixCell): readonly [Rung, Rung] | null {
  const { percent } = cell;
  if (stateOf(cell) !== 'partial' || percent === null || rungOf(cell) !== null) return null;
  const above = RUNGS.findIndex((rung) => typeof rung === 'number' && rung > percent);
  const [low, high] = [RUNGS[above - 1], RUNGS[above]];
  return low === undefined || high === undefined ? null : [low, high];
}
