import type { CursorFields } from '@dimmer/core/protocol';
import type { RulesetSource, RulesetVersion } from '../ruleset/ruleset-source.ts';

/**
 * Finds the head to evaluate a browser for, and hands it to `settle` in the tick in which it was read. One that comes
 * with a later version than ours must not see an earlier one before the database has confirmed that it is the head;
 * undefined: the database cannot be asked now, and nothing is to be said.
 */
export async function settledHead(
  source: RulesetSource,
  environmentId: string,
  cursor: CursorFields | null,
  settle: (head: RulesetVersion | undefined) => void,
): Promise<void> {
  let head = source.peek(environmentId) ?? (await source.head(environmentId));
  if (cursor !== null && cursor.epoch === source.epoch && cursor.version > head.version) {
    try {
      head = await source.refresh(environmentId, cursor);
    } catch {
      return settle(undefined);
    }
  }
  settle(source.peek(environmentId) ?? head);
}
