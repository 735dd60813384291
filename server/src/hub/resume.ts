import type { CursorFields, SnapshotReason } from '@dimmer/core/protocol';
import type { CatchUp, RulesetSource, RulesetVersion } from '../ruleset/ruleset-source.ts';

/** What a client that comes (back) gets first: exactly one of these. */
export type Answer =
  | { readonly kind: 'snapshot'; readonly version: RulesetVersion; readonly reason?: SnapshotReason }
  | { readonly kind: 'delta'; readonly version: RulesetVersion; readonly frame: Buffer }
  | { readonly kind: 'current'; readonly version: RulesetVersion }
  /** It seems to be ahead, and the database cannot be asked: nothing is said until that is known. */
  | { readonly kind: 'undecided' };

/** The resume table as far as cursor and head alone decide. */
export type Plan =
  | { readonly kind: 'snapshot'; readonly reason?: SnapshotReason }
  | { readonly kind: 'current' }
  /** Ask the database for its head first. */
  | { readonly kind: 'refresh' }
  /** Ask the log. */
  | { readonly kind: 'since' };

/** What the cursor of a server SDK asks for. */
function planResume(
  cursor: CursorFields | null,
  epoch: string,
  head: Pick<RulesetVersion, 'version' | 'digest'>,
): Plan {
  if (cursor === null) return { kind: 'snapshot' };
  if (cursor.epoch !== epoch) return { kind: 'snapshot', reason: 'epoch' };
  if (cursor.version > head.version) return { kind: 'refresh' };
  if (cursor.version < head.version) return { kind: 'since' };
  return cursor.digest === head.digest ? { kind: 'current' } : { kind: 'snapshot', reason: 'diverged' };
}

/** Share of the snapshot above which a delta is no saving to a client that resumes. */
const DELTA_SHARE = 0.6;

/** What came of asking the log; undefined: the head has moved or must be read again, so the plan is made anew. */
function judgeCatchUp(found: CatchUp, head: RulesetVersion, resuming: boolean): Answer | undefined {
  if (found.kind === 'compacted' || found.kind === 'diverged') {
    return { kind: 'snapshot', version: head, reason: found.kind };
  }
  if (found.kind !== 'delta' || found.to.version !== head.version) return undefined;
  const tooLarge = resuming && found.bytes > DELTA_SHARE * head.snapshotBytes;
  return tooLarge
    ? { kind: 'snapshot', version: head, reason: 'size' }
    : { kind: 'delta', version: head, frame: found.frame };
}

/** One client's question. */
export interface ResumeRequest {
  readonly environmentId: string;
  readonly cursor: CursorFields | null;
  /** It comes (back), rather than having fallen behind on a live connection. */
  readonly resuming: boolean;
}

/** While changes come faster than the log is read, this many rounds; then a snapshot, which needs no log. */
const MAX_ROUNDS = 5;

/**
 * Finds the answer and hands it to `settle` in the very tick in which it was chosen, so that the caller can send it
 * and be subscribed from exactly that version. Rejects when the environment is gone or cannot be loaded.
 */
export async function resume(
  source: RulesetSource,
  request: ResumeRequest,
  settle: (answer: Answer) => void,
): Promise<void> {
  const { environmentId, cursor, resuming } = request;
  let confirmed = false;
  let head = source.peek(environmentId) ?? (await source.head(environmentId));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    head = source.peek(environmentId) ?? head;
    const plan = planResume(cursor, source.epoch, head);
    switch (plan.kind) {
      case 'current':
        return settle({ kind: 'current', version: head });
      case 'snapshot':
        return settle(withReason(head, plan.reason));
      case 'refresh': {
        if (confirmed) return settle({ kind: 'snapshot', version: head, reason: 'future' });
        const refreshed = await refresh(source, environmentId, cursor);
        if (refreshed === undefined) return settle({ kind: 'undecided' });
        head = refreshed;
        confirmed = true;
        break;
      }
      case 'since': {
        if (cursor === null) break;
        const found = await source.since(environmentId, cursor.version, cursor.digest);
        head = source.peek(environmentId) ?? head;
        const answer = judgeCatchUp(found, head, resuming);
        if (answer !== undefined) return settle(answer);
        break;
      }
    }
  }
  settle({ kind: 'snapshot', version: head, reason: 'compacted' });
}

function withReason(version: RulesetVersion, reason: SnapshotReason | undefined): Answer {
  return { kind: 'snapshot', version, ...(reason !== undefined && { reason }) };
}

async function refresh(
  source: RulesetSource,
  environmentId: string,
  seen: CursorFields | null,
): Promise<RulesetVersion | undefined> {
  try {
    return await source.refresh(environmentId, seen ?? undefined);
  } catch {
    return undefined;
  }
}
