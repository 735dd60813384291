import type { Draft } from '../changes/draft.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';

/**
 * Positions count from 0 without gaps, so that each is a place in the pipeline. What was stored before this was so is
 * put right by the next change.
 */
export function placeOf({ environments }: Draft, { id }: EnvironmentRow): number {
  return environments.findIndex((environment) => environment.id === id);
}

/** The place that somebody who asks for a position gets: beyond the last one it is the last. */
export function placeWithin(draft: Draft, wanted: number, row?: EnvironmentRow): number {
  return Math.min(wanted, draft.environments.filter(({ id }) => id !== row?.id).length);
}

/** Gives every environment its place; `moved` goes to its own position, and the others close up and make way. */
export async function putInOrder(draft: Draft, moved?: EnvironmentRow): Promise<void> {
  const order = draft.environments.filter(({ id }) => id !== moved?.id);
  if (moved !== undefined) order.splice(moved.position, 0, moved);
  for (const [position, row] of order.entries()) {
    if (row.position === position) continue;
    const { name, protected: isProtected, expiresAt } = row;
    await draft.tx.environments.update(row.id, { name, position, protected: isProtected, expiresAt });
  }
  for (const [position, row] of order.entries()) draft.setEnvironment({ ...row, position });
}
