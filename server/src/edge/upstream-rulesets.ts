import type { Ruleset } from '@dimmer/core/model';
import { decodeCursor } from '@dimmer/core/protocol';
import type { CursorFields } from '@dimmer/core/protocol';
import type { Changed } from '@dimmer/core/replica';
import type { VersionStep } from '../changes/change-feed.ts';
import { createListeners } from '../changes/listeners.ts';
import type { Listeners } from '../changes/listeners.ts';
import { notFound, Refusal } from '../refusal.ts';
import { EnvironmentCache } from '../ruleset/environment-cache.ts';
import type { CatchUp, RulesetSource, RulesetVersion } from '../ruleset/ruleset-source.ts';
import { CachedVersion } from '../ruleset/ruleset-version.ts';
import type { KeptState } from './kept-state.ts';
import { allRows, bytesAfter, changedRows, goneRows, sizeOf } from './state-rows.ts';
import type { EdgeEnvironment } from './upstream.ts';

/** What it needs. */
export interface UpstreamRulesetsDeps {
  /** The upstream's head, seeing that somebody holds this; rejects when it cannot be asked. */
  readonly headFor: (seen: CursorFields) => Promise<number>;
  /** Runs something once, later; the answer calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Hears what a listener threw. */
  readonly onError: (error: unknown) => void;
}

type EnvironmentEvent = EdgeEnvironment & { readonly removed: boolean };

/** For so long a version that the upstream has is waited for. */
const CATCH_UP_MS = 5_000;

interface Held {
  readonly environment: EdgeEnvironment;
  readonly epoch: string;
  readonly bytes: number;
  readonly cache: EnvironmentCache;
  /** What the log in memory begins after. */
  readonly base: { readonly version: number; readonly digest: string };
}

/** The rulesets of one environment as an upstream sends them. Before the first there is no environment. */
export class UpstreamRulesets implements RulesetSource {
  readonly onVersion: RulesetSource['onVersion'];
  readonly onEnvironment: RulesetSource['onEnvironment'];
  readonly #deps: UpstreamRulesetsDeps;
  readonly #versions: Listeners<RulesetVersion>;
  readonly #comings: Listeners<EnvironmentEvent>;
  #held: Held | undefined;

  constructor(deps: UpstreamRulesetsDeps) {
    this.#deps = deps;
    this.#versions = createListeners(deps.onError);
    this.#comings = createListeners(deps.onError);
    this.onVersion = this.#versions.on;
    this.onEnvironment = this.#comings.on;
  }

  /** That of what is held: a new one comes with the state that belongs to it. */
  get epoch(): string {
    return this.#held?.epoch ?? NO_EPOCH;
  }

  /** The environment, once there is a state of it. */
  get environment(): EdgeEnvironment | undefined {
    return this.#held?.environment;
  }

  environments(): readonly EdgeEnvironment[] {
    return this.#held ? [this.#held.environment] : [];
  }

  peek(id: string): CachedVersion | undefined {
    return this.#held?.environment.id === id ? this.#held.cache.head : undefined;
  }

  async head(id: string): Promise<CachedVersion> {
    return this.#cacheOf(id).head;
  }

  /** Takes a state over. `changed`: the keys that differ from the state before, if that is what is held. */
  take(kept: KeptState, changed?: Changed<'flags' | 'segments'>): void {
    const { environment, state } = kept;
    const epoch = decodeCursor(state.cursor ?? '')?.epoch;
    if (epoch === undefined || state.version === 0) return;
    const before = this.#held;
    const follows =
      before?.environment.id === environment.id &&
      before.epoch === epoch &&
      before.cache.head.version + 1 === state.version;
    if (follows && changed) return this.#advance(before, kept, changed);
    const rows = allRows(state.tables, before?.cache.head.objects);
    const bytes = sizeOf(rows);
    const { version, digest } = state;
    const head = { ...environment, version, digest, committedAt: kept.savedAt, bytes, objects: rows };
    this.#held = {
      environment,
      epoch,
      bytes,
      cache: new EnvironmentCache(CachedVersion.load(head, epoch)),
      base: { version, digest },
    };
    if (before && before.environment.id !== environment.id)
      this.#comings.tell({ ...before.environment, removed: true });
    if (before?.environment.id !== environment.id) this.#comings.tell({ ...environment, removed: false });
    this.#versions.tell(this.#held.cache.head);
  }

  /** Asks the upstream whether it knows of something newer, and waits for that to arrive. */
  async refresh(id: string, seen?: CursorFields): Promise<CachedVersion> {
    const { head, epoch } = { head: this.#cacheOf(id).head, epoch: this.epoch };
    const confirmed = await this.#deps.headFor(seen ?? { epoch, version: head.version, digest: head.digest });
    if (this.#cacheOf(id).head.version < confirmed) await this.#arrival(id, confirmed);
    return this.#cacheOf(id).head;
  }

  async since(id: string, version: number, digest: string): Promise<CatchUp> {
    if (version > this.#cacheOf(id).head.version) await this.refresh(id, { epoch: this.epoch, version, digest });
    const cache = this.#cacheOf(id);
    const { head } = cache;
    if (version > head.version) return { kind: 'ahead' };
    if (version === head.version) return { kind: digest === head.digest ? 'current' : 'diverged' };
    const { base } = this.#held ?? {};
    // There is no log but the one in memory.
    const logRow = async (_: string, at: number) => (at === base?.version ? base : undefined);
    return cache.since({ log: async () => [], logRow }, version, digest);
  }

  async at(id: string, version: number): Promise<Ruleset | undefined> {
    const { head } = this.#cacheOf(id);
    return version === head.version ? head.ruleset() : undefined;
  }

  #advance(before: Held, { savedAt, state }: KeptState, changed: Changed<'flags' | 'segments'>): void {
    const { objects } = before.cache.head;
    const put = changedRows(state.tables, changed, objects);
    const remove = goneRows(state.tables, changed);
    const bytes = bytesAfter(before.bytes, objects, put, remove);
    const step: VersionStep = { digest: state.digest, committedAt: savedAt, bytes, put, remove };
    const next = before.cache.advance(state.version, step);
    this.#held = { ...before, bytes };
    if (next) this.#versions.tell(next);
  }

  #cacheOf(id: string): EnvironmentCache {
    if (!this.#held) throw new Refusal(503, 'NOT_READY', { detail: 'This edge has not heard from its upstream yet.' });
    if (this.#held.environment.id !== id) throw notFound(`environment with the id "${id}"`);
    return this.#held.cache;
  }

  #arrival(id: string, version: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        cancel();
        off();
        resolve();
      };
      const cancel = this.#deps.after(CATCH_UP_MS, () => {
        off();
        reject(new Error(`version ${version} of the upstream has not arrived`));
      });
      const off = this.onVersion((next) => {
        if (next.environmentId === id && next.version >= version) done();
      });
    });
  }
}

const NO_EPOCH = '0'.repeat(32);
