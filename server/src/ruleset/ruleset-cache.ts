import type { Ruleset } from '@dimmer/core/model';
import { ZERO_DIGEST } from '@dimmer/core/protocol';
import type { ChangeEvent, ChangeFeed, EnvironmentEvent, PublishedVersion } from '../changes/change-feed.ts';
import { createListeners } from '../changes/listeners.ts';
import type { Listeners } from '../changes/listeners.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Following } from '../storage/announcements.ts';
import type { ServedEnvironment, ServedHead } from '../storage/serving-reads.ts';
import type { Storage } from '../storage/storage.ts';
import { EnvironmentCache } from './environment-cache.ts';
import { requireIntact } from './intact.ts';
import type { CatchUp, RulesetSource, RulesetVersion } from './ruleset-source.ts';
import { CachedVersion } from './ruleset-version.ts';
import { rulesetAt } from './state-at.ts';

/** The rulesets of a database, kept up to date by its change feed. */
export interface RulesetCache extends RulesetSource {
  /** Loads the head of every environment: from then on every version is heard. */
  loadAll(): Promise<void>;
  /** Reads everything again, after changes were missed. */
  resync(): Promise<void>;
  /** Stops listening to the feed. */
  stop(): void;
}

export interface RulesetCacheDeps {
  readonly storage: Storage;
  readonly feed: ChangeFeed;
  /** 32 hex digits. */
  readonly epoch: string;
  /** The changes of other servers on the same database, which come in over the feed once everything is loaded. */
  readonly following?: Following | undefined;
  /** Hears what a listener threw. */
  readonly onError?: (error: unknown) => void;
}

/** So often an older version than is known is read before it is believed. */
const STALE_READS = 3;

type Environment = Pick<ServedEnvironment, 'id' | 'key' | 'projectKey'>;

/** Opens the cache: knows every environment, and has loaded none. */
export async function openRulesetCache(deps: RulesetCacheDeps): Promise<RulesetCache> {
  const cache = new DatabaseRulesets(deps);
  await cache.open();
  return cache;
}

class DatabaseRulesets implements RulesetCache {
  #epoch: string;
  readonly onVersion: RulesetSource['onVersion'];
  readonly onEnvironment: RulesetSource['onEnvironment'];
  readonly #storage: Storage;
  readonly #onError: (error: unknown) => void;
  readonly #versions: Listeners<RulesetVersion>;
  readonly #comings: Listeners<EnvironmentEvent>;
  readonly #environments = new Map<string, Environment>();
  readonly #loaded = new Map<string, EnvironmentCache>();
  readonly #loading = new Map<string, Promise<EnvironmentCache>>();
  /** The newest version heard of, so that a load that overlaps a commit notices. */
  readonly #newest = new Map<string, number>();
  /** Of which nothing was told yet under the present epoch: the database may go away in the middle of it. */
  readonly #untold = new Set<string>();
  /** Environments that the database has an older version of than was known. */
  readonly #wentBack = new Set<string>();
  /** Environments that were deleted so far, so that a load that overlaps a deletion notices. */
  #removals = 0;
  readonly #unsubscribe: () => void;
  readonly #following: Following | undefined;

  constructor({ storage, feed, epoch, following, onError = () => {} }: RulesetCacheDeps) {
    this.#following = following;
    this.#epoch = epoch;
    this.#storage = storage;
    this.#onError = onError;
    this.#versions = createListeners(onError);
    this.#comings = createListeners(onError);
    this.onVersion = this.#versions.on;
    this.onEnvironment = this.#comings.on;
    this.#unsubscribe = feed.onChange((event) => this.#take(event));
  }

  get epoch(): string {
    return this.#epoch;
  }

  async open(): Promise<void> {
    for (const { id, key, projectKey } of await this.#storage.serving.environments()) {
      this.#environments.set(id, { id, key, projectKey });
    }
  }

  stop(): void {
    this.#unsubscribe();
  }

  environments(): readonly Environment[] {
    return [...this.#environments.values()];
  }

  peek(id: string): CachedVersion | undefined {
    return this.#loaded.get(id)?.head;
  }

  async head(id: string): Promise<CachedVersion> {
    return (await this.#cacheOf(id)).head;
  }

  async loadAll(): Promise<void> {
    for (const id of this.#environments.keys()) {
      // Else another server has deleted it since we read which there are.
      if ((await this.#headIfThere(id)) === undefined) this.#environments.delete(id);
    }
    this.#following?.run();
  }

  async resync(): Promise<void> {
    await this.#takeEpoch();
    const rows = await this.#storage.serving.environments();
    const present = new Set(rows.map(({ id }) => id));
    for (const environment of this.environments()) {
      if (!present.has(environment.id)) this.#takeEnvironment({ ...environment, removed: true });
    }
    for (const row of rows) {
      const { id, key, projectKey } = row;
      if (this.#environments.has(id)) await this.#reload(row).catch(this.#passOver);
      else {
        this.#environments.set(id, { id, key, projectKey });
        this.#comings.tell({ id, key, projectKey, removed: false });
        this.#versions.tell(await this.head(id));
      }
    }
  }

  /** Another epoch: nothing in memory may be told any more under the old one, even where it is the same. */
  async #takeEpoch(): Promise<void> {
    const epoch = await this.#storage.serving.meta('epoch');
    if (epoch !== undefined && epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#newest.clear();
      this.#wentBack.clear();
      for (const id of this.#loaded.keys()) this.#untold.add(id);
      this.#loaded.clear();
    }
    for (const id of this.#untold) {
      const head = await this.#headIfThere(id);
      this.#untold.delete(id);
      // One that is gone is noticed right after this, with those that have come.
      if (head) this.#versions.tell(head);
    }
  }

  /** Undefined when there is no such environment any more. */
  async #headIfThere(id: string): Promise<CachedVersion | undefined> {
    try {
      return await this.head(id);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return undefined;
      throw error;
    }
  }

  async refresh(id: string): Promise<CachedVersion> {
    await this.#following?.catchUp();
    const row = (await this.#storage.serving.environments()).find((environment) => environment.id === id);
    if (!row) throw notFound(`environment with the id "${id}"`);
    return this.#reload(row);
  }

  /**
   * The head in memory, if it is the database's; else what is read anew. Until that is here the old one is served: a
   * gap, in which nothing is known, would be taken for a start.
   */
  async #reload(row: ServedEnvironment): Promise<CachedVersion> {
    const { id, version, digest } = row;
    const { head } = await this.#cacheOf(id);
    if (head.version === version && head.digest === digest) return head;
    const under = this.#loading.get(id);
    if (under) {
      // It may have read the database before we did.
      await under;
      return this.#reload(row);
    }
    const fresh = (await this.#loadOnce(id)).head;
    this.#versions.tell(fresh);
    return fresh;
  }

  async since(id: string, version: number, digest: string): Promise<CatchUp> {
    if (version > (await this.head(id)).version) await this.refresh(id);
    const cache = await this.#cacheOf(id);
    const { head } = cache;
    if (version > head.version) return { kind: 'ahead' };
    if (version === head.version) return { kind: digest === head.digest ? 'current' : 'diverged' };
    return cache.since(this.#storage.serving, version, digest);
  }

  async at(id: string, version: number): Promise<Ruleset | undefined> {
    const head = await this.head(id);
    return version === head.version ? head.ruleset() : rulesetAt(this.#storage, id, version);
  }

  #cacheOf(id: string): Promise<EnvironmentCache> {
    const known = this.#loaded.get(id);
    return known ? Promise.resolve(known) : (this.#loading.get(id) ?? this.#loadOnce(id));
  }

  #loadOnce(id: string): Promise<EnvironmentCache> {
    const under = this.#load(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, under);
    return under;
  }

  async #load(id: string): Promise<EnvironmentCache> {
    for (let reads = 1; ; reads++) {
      const removals = this.#removals;
      const head = await this.#storage.serving.head(id);
      if (!head) throw notFound(`environment with the id "${id}"`);
      // It may be this one that was deleted while it was read.
      if (removals !== this.#removals) continue;
      const known = Math.max(this.#newest.get(id) ?? 0, this.#loaded.get(id)?.head.version ?? 0);
      if (head.version < known) {
        // One that began before the commit sees less than was heard of meanwhile; the next does not.
        if (reads < STALE_READS) continue;
        throw this.#refuseOlder(head, known);
      }
      requireIntact(head);
      this.#wentBack.delete(id);
      this.#environments.set(id, { id, key: head.key, projectKey: head.projectKey });
      const cache = new EnvironmentCache(CachedVersion.load(head, this.#epoch));
      this.#loaded.set(id, cache);
      return cache;
    }
  }

  /** Serving it would bring flags back that were switched off; what is in memory is served on. Said once. */
  #refuseOlder({ id, key, projectKey, version }: ServedHead, known: number): Refusal {
    const detail = `The database has gone back: the environment "${key}" of the project "${projectKey}" is at version ${version} there, and was at version ${known} before, in the same epoch. Nothing older is served. If a copy was put back, run \`dimmer epoch rotate\` and start the servers again.`;
    if (!this.#wentBack.has(id)) this.#onError(new Error(detail));
    this.#wentBack.add(id);
    return new Refusal(503, WENT_BACK, { detail });
  }

  /** What it has said already need not be said again. */
  readonly #report = (error: unknown): void => {
    if (!isWentBack(error)) this.#onError(error);
  };

  /** One environment that went back does not keep the others from being read. */
  readonly #passOver = (error: unknown): void => {
    if (!isWentBack(error)) throw error;
  };

  #take({ environments, published }: ChangeEvent): void {
    for (const event of environments) this.#takeEnvironment(event);
    for (const version of published) this.#takeVersion(version);
  }

  #takeEnvironment(event: EnvironmentEvent): void {
    const { id, key, projectKey, removed } = event;
    if (removed) {
      this.#removals += 1;
      this.#wentBack.delete(id);
      this.#environments.delete(id);
      this.#loaded.delete(id);
      this.#newest.delete(id);
    } else {
      this.#environments.set(id, { id, key, projectKey });
      const start = { id, key, projectKey, version: 0, digest: ZERO_DIGEST, committedAt: 0, bytes: 0, objects: [] };
      this.#loaded.set(id, new EnvironmentCache(CachedVersion.load(start, this.#epoch)));
    }
    this.#comings.tell(event);
  }

  #takeVersion({ environmentId: id, version, step }: PublishedVersion): void {
    this.#newest.set(id, Math.max(version, this.#newest.get(id) ?? 0));
    const cache = this.#loaded.get(id);
    // Loaded after it was committed and before it was heard of.
    if (cache && version <= cache.head.version) {
      // Or the database went back, and has gone another way since.
      const { head } = cache;
      if (version === head.version && step.digest !== head.digest) this.refresh(id).catch(this.#report);
      return;
    }
    const next = cache?.advance(version, step);
    if (next) this.#versions.tell(next);
    // A hole: what is in memory is of no use as a start.
    else if (cache) this.refresh(id).catch(this.#report);
  }
}

const WENT_BACK = 'DATABASE_WENT_BACK';

function isWentBack(error: unknown): boolean {
  return error instanceof Refusal && error.code === WENT_BACK;
}
