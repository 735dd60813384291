import { actorKey } from '../policy/principal.ts';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../storage/storage.ts';
import type { CommitRequest, CommitResult } from './committer.ts';

/** How long an answer is kept for whoever repeats the request. */
const REPLAY_MS = 24 * 3_600_000;

/**
 * The answer of the first time, when this request has been made before by the same actor. Transactions run one
 * after the other, so a parallel duplicate waits for the first and then finds its answer.
 */
export async function findReplay(tx: Tx, request: CommitRequest, now: number): Promise<CommitResult | undefined> {
  const { idempotency, principal } = request;
  if (!idempotency) return undefined;
  const row = await tx.idempotency.get(actorKey(principal.actor), idempotency.key);
  if (!row || row.at < now - REPLAY_MS) return undefined;
  if (row.bodyHash !== idempotency.bodyHash) {
    throw new Refusal(422, 'IDEMPOTENCY_MISMATCH', {
      detail: 'This Idempotency-Key was used for another request within the last 24 hours.',
    });
  }
  const body: unknown = JSON.parse(row.body);
  return { changeId: null, versions: {}, warnings: [], published: [], replay: { status: row.status, body } };
}

/** Keeps the answer of a success. Secrets never come in here: `respond` gets a result without one. */
export async function keepAnswer(tx: Tx, request: CommitRequest, result: CommitResult, now: number): Promise<void> {
  const { idempotency, principal, respond } = request;
  if (!idempotency || !respond) return;
  const answer = respond(withoutSecret(result));
  if (answer.status < 200 || answer.status > 299) return;
  await tx.idempotency.put({
    actor: actorKey(principal.actor),
    key: idempotency.key,
    bodyHash: idempotency.bodyHash,
    status: answer.status,
    body: JSON.stringify(answer.body),
    at: now,
  });
}

function withoutSecret(result: CommitResult): CommitResult {
  return result.created ? { ...result, created: { id: result.created.id } } : result;
}
