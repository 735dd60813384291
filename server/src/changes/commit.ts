import { randomBytes } from 'node:crypto';
import type { Effect } from '@dimmer/core/api';
import { checkText } from '@dimmer/core/model';
import type { PatternCheck } from '@dimmer/core/model';
import { invalid, notFound, preconditionFailed } from '../refusal.ts';
import type { ChangeRow } from '../storage/change-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { announcementText } from './announcement.ts';
import { INSTALLATION_CHAIN, appendAudit, changeFingerprint } from './audit-chain.ts';
import type { ChangeFeed, PublishedVersion } from './change-feed.ts';
import { checkObjects } from './check-objects.ts';
import { MAX_COMMENT } from './committer.ts';
import type { CommitRequest, CommitResult, Committer } from './committer.ts';
import { checkConfirmation } from './confirmation.ts';
import { Draft } from './draft.ts';
import { environmentSteps } from './environment-step.ts';
import { canonicalJson, etagOf, ifMatchHolds } from './etag.ts';
import { findReplay, keepAnswer } from './idempotent.ts';
import { createRegistry } from './intent-handler.ts';
import type { AnyHandler, Perform } from './intent-handler.ts';
import type { Intent } from './intent.ts';
import { newId } from './new-id.ts';
import { checkPattern } from './patterns.ts';
import { publishSteps } from './publish.ts';
import type { RandomBytes } from './secrets.ts';

/** What the door works with. */
export interface CommitterDeps {
  readonly storage: Pick<Storage, 'transaction'>;
  /** One for each kind of intent. */
  readonly handlers: readonly AnyHandler[];
  readonly feed: Pick<ChangeFeed, 'emitChange' | 'emitKeyRevoked'>;
  /** Says what is wrong with a pattern of `matches`. */
  readonly checkPattern?: PatternCheck;
  readonly now?: () => number;
  readonly random?: RandomBytes;
}

type Means = Required<Omit<CommitterDeps, 'handlers' | 'storage'>> & {
  readonly handlerOf: (intent: Intent) => AnyHandler;
};

/** The one door. */
export function createCommitter(deps: CommitterDeps): Committer {
  const means: Means = {
    feed: deps.feed,
    checkPattern: deps.checkPattern ?? checkPattern,
    now: deps.now ?? Date.now,
    random: deps.random ?? randomBytes,
    handlerOf: createRegistry(deps.handlers),
  };
  return { commit: (request) => deps.storage.transaction((tx) => commitWithin(tx, request, means)) };
}

async function commitWithin(tx: Tx, request: CommitRequest, means: Means): Promise<CommitResult> {
  const now = means.now();
  const replay = await findReplay(tx, request, now);
  if (replay) return replay;
  const draft = await openDraft(tx, request, means.random, now);
  await checkIfMatch(draft, request, means);
  const perform: Perform = (intent) => means.handlerOf(intent).apply(draft, intent, perform);
  for (const intent of request.intents) await perform(intent);
  const result = draft.effects.length > 0 ? await finish(draft, request, means) : unchanged(draft);
  const answer = { ...result, ...(await etagAfter(draft, request, means)) };
  await keepAnswer(tx, request, answer, now);
  return answer;
}

async function openDraft(tx: Tx, request: CommitRequest, random: RandomBytes, now: number): Promise<Draft> {
  const { principal, project: key } = request;
  checkTexts(request);
  const draft = new Draft({ tx, principal, now, random, force: request.force ?? false });
  if (key !== null) {
    const project = await tx.projects.lock(key);
    if (!project) throw notFound(`project "${key}"`);
    draft.enter(project, await tx.environments.lock(project.id));
  } else {
    // Changes of the installation take turns too, between several servers: by the end of their chain.
    await tx.audit.tip(INSTALLATION_CHAIN);
  }
  return draft;
}

/** What cannot be stored everywhere is refused before anything looks at it. */
function checkTexts({ comment, intents }: CommitRequest): void {
  const errors = intents.flatMap((intent) => ('input' in intent ? checkText(intent.input, intent.path) : []));
  if (comment !== undefined) errors.push(...checkText(comment, '/comment'));
  if ((comment?.length ?? 0) > MAX_COMMENT) {
    errors.push({ path: '/comment', message: `is longer than ${MAX_COMMENT} characters` });
  }
  if (errors.length > 0) throw invalid(errors);
}

async function checkIfMatch(draft: Draft, request: CommitRequest, means: Means): Promise<void> {
  // All of them before anything is done: two intents may write the same object.
  for (const [index, intent] of request.intents.entries()) {
    const conditions = [index === 0 ? request.ifMatch : undefined, intent.ifMatch].filter((tag) => tag !== undefined);
    if (conditions.length === 0) continue;
    const current = await means.handlerOf(intent).current(draft, intent);
    const etag = current === undefined ? undefined : etagOf(canonicalJson(current));
    if (!conditions.every((tag) => ifMatchHolds(tag, etag))) throw preconditionFailed(current ?? null);
  }
}

/** Everything that stands between an edit and the world: invariants, confirmation, versions, history, audit. */
async function finish(draft: Draft, request: CommitRequest, means: Means): Promise<CommitResult> {
  const { tx, principal, now } = draft;
  const changeId = newId('chg', means.random);
  const steps = await environmentSteps(draft);
  await checkObjects(draft, steps, means.checkPattern);
  await checkConfirmation(tx, principal, steps, request.confirm);
  const published = await publishSteps(tx, steps, changeId, now);
  for (const { environmentId, version, step } of published) draft.advance(environmentId, { version, ...step });
  await writeHistory(draft, request, changeId, published);
  await announce(draft, changeId, published, means.feed);
  return {
    changeId,
    versions: versionsOf(published),
    warnings: draft.warnings,
    published: published.map(({ environmentId, environment, version }) => ({ environmentId, environment, version })),
    ...(draft.created && { created: draft.created }),
  };
}

function unchanged(draft: Draft): CommitResult {
  return { changeId: null, versions: {}, warnings: draft.warnings, published: [] };
}

function versionsOf(published: readonly PublishedVersion[]): Record<string, number> {
  return Object.fromEntries(published.map(({ environment, version }) => [environment, version]));
}

async function writeHistory(
  draft: Draft,
  request: CommitRequest,
  changeId: string,
  published: readonly PublishedVersion[],
): Promise<void> {
  const { tx, principal, now, projectOrNull: project } = draft;
  const change: Omit<ChangeRow, 'seq'> = {
    id: changeId,
    projectId: project?.id ?? null,
    at: now,
    actor: principal.actor,
    comment: request.comment ?? null,
    versions: versionsOf(published),
    effects: draft.effects,
    reverts: draft.reverts ?? null,
  };
  const event = { kind: 'change', actor: principal.actor, subject: changeId, detail: changeFingerprint(change) };
  for (const key of flagsOf(draft.effects)) {
    if (project) await tx.flags.markChanged(project.id, key, now, principal.actor.name);
  }
  const seq = await appendAudit(tx, event, now, project?.id ?? INSTALLATION_CHAIN);
  await tx.changes.insert({ ...change, seq });
}

function flagsOf(effects: readonly Effect[]): Set<string> {
  const about = effects.filter(({ object: { kind } }) => kind === 'flag' || kind === 'flag-settings');
  return new Set(about.map(({ object }) => object.key));
}

/** Heard once it is on disk, before anything later is. */
async function announce(
  draft: Draft,
  changeId: string,
  published: readonly PublishedVersion[],
  feed: Means['feed'],
): Promise<void> {
  const { tx, principal, now, effects, revoked, projectOrNull: project } = draft;
  const projectKey = project?.key ?? null;
  const added = draft.environments.filter(({ id }) => draft.addedEnvironments.has(id));
  const environments = [
    ...added.map(({ id, key }) => ({ id, key, projectKey: projectKey ?? '', removed: false })),
    ...draft.removedEnvironments.map(({ environment: { id, key }, projectKey }) => ({
      id,
      key,
      projectKey,
      removed: true,
    })),
  ];
  const change = { changeId, projectKey, at: now, actor: principal.actor, published, environments, effects };
  await tx.announce(
    () => announcementText({ change, revoked }),
    () => {
      feed.emitChange(change);
      for (const event of revoked) feed.emitKeyRevoked(event);
    },
  );
}

/** The new ETag of the object written, when it was one. */
async function etagAfter(draft: Draft, request: CommitRequest, means: Means): Promise<{ etag?: string }> {
  const [intent, ...more] = request.intents;
  if (!intent || more.length > 0) return {};
  const current = await means.handlerOf(intent).current(draft, intent);
  return current === undefined ? {} : { etag: etagOf(canonicalJson(current)) };
}
