import { createHash } from 'node:crypto';
import type { WriteAnswer } from '@dimmer/core/api';
import { z } from 'zod';
import type { CommitResult } from '../changes/committer.ts';
import type { Intent } from '../changes/intent.ts';
import type { Principal } from '../policy/principal.ts';
import type { AppDeps } from './app-deps.ts';
import { badRequest } from './problem.ts';
import type { Answer, RequestFacts } from './route.ts';

/** Query of every write. */
export const waitQuery = {
  wait: z.literal('live').exactOptional().describe('Answer when the connected instances have applied the change.'),
  timeoutMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .exactOptional()
    .describe('How long to wait at most, 5000 unless given.'),
} satisfies z.ZodRawShape;

/** The query of writes that take nothing else. */
export const writeQuery = z.strictObject(waitQuery);

/** A request that changes something. */
export interface WriteInput {
  readonly principal: Principal;
  readonly request: RequestFacts;
  readonly query: { readonly wait?: 'live'; readonly timeoutMs?: number };
  readonly body: { readonly comment?: string; readonly confirm?: string };
}

/** What it asks for. */
export interface Write {
  /** Null: a change of the installation. */
  readonly project: string | null;
  readonly intents: readonly Intent[];
  readonly force?: boolean;
  /** 200 unless given. */
  readonly status?: number;
  /** Makes the answer's body; it is stored for replays and must hold no secret. Default: a `WriteAnswer`. */
  readonly body?: (result: CommitResult) => object;
  /** Adds to the first answer what a replay must not tell again. */
  readonly reveal?: (body: object, result: CommitResult) => object;
}

/** Commits what a request asks for, and answers. */
export type Writer = (input: WriteInput, write: Write) => Promise<Answer>;

const DEFAULT_WAIT_MS = 5000;

/** Everything that all writes have in common: idempotency, preconditions, comments, and waiting for receipts. */
export function createWriter({ committer, views, hub }: Pick<AppDeps, 'committer' | 'views' | 'hub'>): Writer {
  return async (input, write) => {
    const { request, query, body } = input;
    const respond = (result: CommitResult): { status: number; body: object } => ({
      status: write.status ?? 200,
      body: write.body?.(result) ?? toWriteAnswer(result),
    });
    const result = await committer.commit({
      principal: input.principal,
      project: write.project,
      intents: write.intents,
      comment: body.comment,
      confirm: body.confirm,
      ifMatch: request.header('if-match'),
      force: write.force,
      idempotency: idempotencyOf(request),
      respond,
    });
    const { status, body: stored } = result.replay ?? respond(result);
    const fresh = result.replay === undefined && write.reveal !== undefined;
    const answer: object = fresh ? write.reveal(asObject(stored), result) : asObject(stored);
    const headers = etagHeader(answer);
    if (query.wait === undefined) return { status, body: answer, headers };
    const targets = result.replay === undefined ? result.published : await targetsOf(views, write.project, answer);
    const receipts = await hub.receipts.wait(targets, query.timeoutMs ?? DEFAULT_WAIT_MS);
    return { status, body: { ...answer, receipts }, headers };
  };
}

/** The answer that a write without anything of its own to say gives. */
function toWriteAnswer(result: CommitResult): WriteAnswer {
  return {
    changeId: result.changeId,
    versions: result.versions,
    ...(result.etag !== undefined && { etag: result.etag }),
    ...(result.warnings.length > 0 && { warnings: result.warnings }),
  };
}

/** Everything that makes two requests the same one, so that a key reused for another is noticed. */
function idempotencyOf(request: RequestFacts): { readonly key: string; readonly bodyHash: string } | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badRequest('IDEMPOTENCY_KEY', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  const text = [request.method, request.target, request.bodyText].join('\n');
  return { key, bodyHash: createHash('sha256').update(text).digest('hex') };
}

/** A replay knows versions by the environments' keys; receipts are counted by their ids. */
async function targetsOf(
  views: AppDeps['views'],
  project: string | null,
  answer: object,
): Promise<CommitResult['published']> {
  const versions = 'versions' in answer ? asObject(answer.versions) : {};
  if (project === null || Object.keys(versions).length === 0) return [];
  const { value } = await views.listEnvironments(project);
  return value.items.flatMap(({ id, key }) => {
    const version: unknown = Reflect.get(versions, key);
    return typeof version === 'number' ? [{ environmentId: id, environment: key, version }] : [];
  });
}

function etagHeader(answer: object): Readonly<Record<string, string>> {
  return 'etag' in answer && typeof answer.etag === 'string' ? { ETag: answer.etag } : {};
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
