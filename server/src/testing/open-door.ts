import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@dimmer/core/api';
import { accessIntents } from '../changes/access-intents.ts';
import { createChangeFeed } from '../changes/change-feed.ts';
import type { ChangeEvent, ChangeFeed, KeyRevoked } from '../changes/change-feed.ts';
import { createChangeViews } from '../changes/change-views.ts';
import type { ChangeViews } from '../changes/change-views.ts';
import { createCommitter } from '../changes/commit.ts';
import type { CommitRequest, CommitResult, Committer } from '../changes/committer.ts';
import type { Intent } from '../changes/intent.ts';
import { revertIntents } from '../changes/revert.ts';
import { environmentIntents } from '../environments/environment-intents.ts';
import { createEnvironmentViews } from '../environments/environment-views.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import { initialise } from '../environments/first-start.ts';
import { keyIntents } from '../environments/key-intents.ts';
import { projectIntents } from '../environments/project-intents.ts';
import { flagIntents } from '../flags/flag-intents.ts';
import { createFlagViews } from '../flags/flag-views.ts';
import type { FlagViews } from '../flags/flag-views.ts';
import type { Principal } from '../policy/principal.ts';
import { examine } from '../ruleset/doctor.ts';
import { openRulesetCache } from '../ruleset/ruleset-cache.ts';
import type { RulesetCache } from '../ruleset/ruleset-cache.ts';
import { segmentIntents } from '../segments/segment-intents.ts';
import { createSegmentViews } from '../segments/segment-views.ts';
import type { SegmentViews } from '../segments/segment-views.ts';
import { openSqlite } from '../storage/sqlite/open-sqlite.ts';
import type { Storage } from '../storage/storage.ts';

type Views = FlagViews & SegmentViews & EnvironmentViews & ChangeViews;

/** Everything behind the HTTP API on a real SQLite file, with a clock that stands still until it is moved. */
export interface Door extends Views {
  readonly file: string;
  readonly storage: Storage;
  readonly feed: ChangeFeed;
  readonly committer: Committer;
  readonly rulesets: RulesetCache;
  /** Everything the feed told. */
  readonly changes: ChangeEvent[];
  readonly revoked: KeyRevoked[];
  readonly clock: { now: number };
  /** Commits intents in the project `default`; by default as an owner's API token. */
  commit(intents: Intent | readonly Intent[], request?: Partial<CommitRequest>): Promise<CommitResult>;
  /** Id of an environment of the project `default`. */
  environmentId(key: string): Promise<string>;
  /** What the doctor finds wrong. */
  problems(): Promise<string[]>;
  close(): Promise<void>;
}

/** Somebody with a role. */
export function principal(role: Role, via: Principal['via'] = 'token'): Principal {
  const kind = via === 'session' ? 'user' : 'token';
  return { actor: { kind, id: `${kind}-${role}`, name: role }, via, role };
}

/** Opens a fresh database after its first start, or the one in `file`. */
export async function openDoor(file?: string): Promise<Door> {
  const folder = file === undefined ? await mkdtemp(join(tmpdir(), 'dimmer-')) : undefined;
  const path = file ?? join(folder ?? '', 'dimmer.db');
  const storage = await openSqlite({ file: path });
  const feed = createChangeFeed((error) => {
    throw error;
  });
  const clock = { now: Date.UTC(2030, 0, 1) };
  const handlers = [
    ...projectIntents,
    ...environmentIntents,
    ...flagIntents,
    ...segmentIntents,
    ...keyIntents,
    ...accessIntents,
    ...revertIntents,
  ];
  const committer = createCommitter({ storage, handlers, feed, now: () => clock.now });
  const { epoch } = await initialise(storage, committer);
  const rulesets = await openRulesetCache({ storage, feed, epoch });
  await rulesets.loadAll();
  const changes: ChangeEvent[] = [];
  const revoked: KeyRevoked[] = [];
  feed.onChange((event) => changes.push(event));
  feed.onKeyRevoked((event) => revoked.push(event));
  const views: Views = {
    ...createFlagViews(storage),
    ...createSegmentViews(storage),
    ...createEnvironmentViews(storage, () => clock.now),
    ...createChangeViews(storage),
  };
  return {
    ...views,
    ...{ file: path, storage, feed, committer, rulesets, changes, revoked, clock },
    commit(intents, request = {}) {
      const list = 'kind' in intents ? [intents] : intents;
      return committer.commit({ principal: principal('owner'), project: 'default', intents: list, ...request });
    },
    environmentId: async (key) => (await views.getEnvironment('default', key)).value.id,
    problems: async () => (await examine(storage)).flatMap((finding) => finding.problems),
    async close() {
      rulesets.stop();
      await storage.close();
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
  };
}
