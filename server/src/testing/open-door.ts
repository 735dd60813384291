import type { Role } from '@dimmer/core/api';
import { createTokenViews } from '../auth/token-views.ts';
import type { TokenViews } from '../auth/token-views.ts';
import { createChangeFeed } from '../changes/change-feed.ts';
import type { ChangeEvent, ChangeFeed, KeyRevoked } from '../changes/change-feed.ts';
import { createChangeViews } from '../changes/change-views.ts';
import type { ChangeViews } from '../changes/change-views.ts';
import type { CommitRequest, CommitResult, Committer } from '../changes/committer.ts';
import type { Intent } from '../changes/intent.ts';
import { createEnvironmentViews } from '../environments/environment-views.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import { composeCommitter } from '../compose/create-committer.ts';
import { openSource } from '../compose/open-source.ts';
import { initialise } from '../environments/first-start.ts';
import { createFlagViews } from '../flags/flag-views.ts';
import type { FlagViews } from '../flags/flag-views.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import { createLog } from '../log.ts';
import type { Principal } from '../policy/principal.ts';
import { examine } from '../ruleset/doctor.ts';
import type { RulesetCache } from '../ruleset/ruleset-cache.ts';
import { createSegmentViews } from '../segments/segment-views.ts';
import type { SegmentViews } from '../segments/segment-views.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { makeDatabase } from './make-database.ts';

type Views = FlagViews & SegmentViews & EnvironmentViews & ChangeViews & TokenViews;

/** Everything behind the HTTP API on a real database, with a clock that stands still until it is moved. */
export interface Door extends Views {
  /** `file:…` or `postgres:…`. */
  readonly databaseUrl: string;
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
  /** Another server: on a copy of the SQLite file, which belongs to one only, or on the same PostgreSQL database. */
  openAgain(): Promise<Door>;
  /** What the doctor finds wrong. */
  problems(): Promise<string[]>;
  close(): Promise<void>;
}

/** Somebody with a role. */
export function principal(role: Role, via: Principal['via'] = 'token'): Principal {
  const kind = via === 'session' ? 'user' : 'token';
  return { actor: { kind, id: `${kind}-${role}`, name: role }, via, role };
}

/** Opens a fresh database after its first start, or the one given. */
export async function openDoor(given?: string): Promise<Door> {
  const made = given === undefined ? await makeDatabase() : undefined;
  const databaseUrl = given ?? made?.url ?? '';
  const storage = await openStorage(databaseUrl);
  const feed = createChangeFeed((error) => {
    throw error;
  });
  const clock = { now: Date.UTC(2030, 0, 1) };
  const committer = composeCommitter(storage, feed, () => clock.now);
  const { epoch } = await initialise(storage, committer);
  const log = createLog({ level: 'silent', format: 'json' });
  const rulesets = await openSource({ storage, feed, epoch }, log);
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
    ...createTokenViews(storage, () => clock.now),
  };
  return {
    ...views,
    ...{ databaseUrl, storage, feed, committer, rulesets, changes, revoked, clock },
    commit(intents, request = {}) {
      const list = 'kind' in intents ? [intents] : intents;
      return committer.commit({ principal: principal('owner'), project: 'default', intents: list, ...request });
    },
    environmentId: async (key) => (await views.getEnvironment('default', key)).value.id,
    async openAgain() {
      if (isPostgresUrl(databaseUrl)) return openDoor(databaseUrl);
      const copy = `${databaseUrl}.copy`;
      await storage.backup(copy.slice('file:'.length));
      return openDoor(copy);
    },
    problems: async () => (await examine(storage)).flatMap((finding) => finding.problems),
    async close() {
      rulesets.stop();
      await storage.close();
      await made?.remove();
    },
  };
}
