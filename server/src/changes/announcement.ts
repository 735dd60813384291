import type { ChangeRow } from '../storage/change-store.ts';
import type { LogRow } from '../storage/log-store.ts';
import type { ObjectKind, ObjectRow } from '../storage/object-store.ts';
import type { ReadTx } from '../storage/storage.ts';
import type { ChangeEvent, EnvironmentEvent, KeyRevoked, PublishedVersion } from './change-feed.ts';
import { canonicalJson } from './etag.ts';

/** Everything to be heard of one commit. */
export interface Commit {
  readonly change: ChangeEvent;
  readonly revoked: readonly KeyRevoked[];
}

/** What the servers on one database tell each other of a commit: what cannot be read in history and log. */
interface Announcement {
  readonly changeId: string;
  readonly projectKey: string | null;
  readonly published: readonly {
    readonly environmentId: string;
    readonly environment: string;
    readonly version: number;
    readonly bytes: number;
  }[];
  readonly environments: readonly EnvironmentEvent[];
  readonly revoked: readonly KeyRevoked[];
}

/** Says that the database has a new epoch. It is no commit: whoever hears it reads everything anew. */
export const EPOCH_ANNOUNCEMENT = '{"epoch":"rotated"}';

/** The text that stands for a commit. */
export function announcementText({ change, revoked }: Commit): string {
  const announcement: Announcement = {
    changeId: change.changeId,
    projectKey: change.projectKey,
    published: change.published.map(({ environmentId, environment, version, step }) => ({
      environmentId,
      environment,
      version,
      bytes: step.bytes,
    })),
    environments: change.environments,
    revoked,
  };
  return JSON.stringify(announcement);
}

/** The commit that a text stands for, as its own server heard it; undefined when this version cannot read it. */
export async function readAnnouncement(tx: Pick<ReadTx, 'changes' | 'log'>, text: string): Promise<Commit | undefined> {
  if (text === EPOCH_ANNOUNCEMENT) return undefined;
  const announcement: Announcement = JSON.parse(text);
  const { changeId, projectKey, environments, revoked } = announcement;
  const row = await tx.changes.byId(changeId);
  if (!row) return undefined;
  const published: PublishedVersion[] = [];
  for (const { environmentId, environment, version, bytes } of announcement.published) {
    const logged = await tx.log.get(environmentId, version);
    // Deleted since: that is announced too, later.
    if (logged) published.push({ environmentId, environment, version, step: toStep(logged, bytes) });
  }
  return { change: { ...toEvent(row), projectKey, published, environments }, revoked };
}

function toEvent({ id, at, actor, effects }: ChangeRow): Pick<ChangeEvent, 'changeId' | 'at' | 'actor' | 'effects'> {
  return { changeId: id, at, actor, effects };
}

function toStep({ digest, at, put, remove }: LogRow, bytes: number): PublishedVersion['step'] {
  const entries: Record<string, Record<string, { def: unknown; h: string }>> = JSON.parse(put);
  const removed: Record<string, string[]> = JSON.parse(remove);
  const objects: ObjectRow[] = [];
  const gone: { kind: ObjectKind; key: string }[] = [];
  for (const [kind, name] of KINDS) {
    for (const [key, { def, h }] of Object.entries(entries[name] ?? {})) {
      // Canonical text comes out of parsing as it went in.
      objects.push({ kind, key, h, def: canonicalJson(def) });
    }
    gone.push(...(removed[name] ?? []).map((key) => ({ kind, key })));
  }
  return { digest, committedAt: at, bytes, put: objects, remove: gone };
}

const KINDS = [
  ['flag', 'flags'],
  ['segment', 'segments'],
] as const;
