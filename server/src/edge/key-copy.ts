import { refusedDelay, retryDelay } from '@dimmer/core/replica';
import type { KeyAuthenticator } from '../auth/key-authenticator.ts';
import type { KeyIdentity } from '../auth/key-identity.ts';
import type { KeyList, KeyListing, ListedKey } from '../auth/key-list.ts';
import type { KeyRevoked } from '../changes/change-feed.ts';
import { createListeners } from '../changes/listeners.ts';
import { hashSecret, isWellFormed, sameHash } from '../changes/secrets.ts';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { SealedFile } from './sealed-file.ts';
import type { EdgeEnvironment } from './upstream.ts';
import type { KeysAnswer, UpstreamHttp } from './upstream-http.ts';

/** The keys as they are written down. */
export interface KeysFile {
  readonly keys: readonly ListedKey[];
  readonly etag: string;
  /** Epoch ms at which the origin has last confirmed them, as far as we know. */
  readonly confirmedAt: number;
}

/** What it needs. */
export interface KeyCopyDeps {
  readonly http: Pick<UpstreamHttp, 'keys'>;
  readonly file: SealedFile<KeysFile>;
  /** SHA-256 of this edge's own key. */
  readonly ownHash: string;
  /** For so long a list that cannot be confirmed goes on being used, in ms. */
  readonly staleMs: number;
  readonly environment: () => EdgeEnvironment | undefined;
  /** How long ago the origin was last heard, when it is out of reach; undefined: it is in reach. */
  readonly cutOffMs: () => number | undefined;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

type Ended = Pick<KeyRevoked, 'keyId' | 'expiresAt'>;

const WAIT_SECONDS = 25;
/** Least time between two questions, should the upstream not wait as it is asked to. */
const BREATH_MS = 250;
/** A list that stays the same is written down again so often, for the sake of its age. */
const SAVE_EVERY_MS = 60_000;
/** Of a list that is not what the upstream sent: it names none, so that the next one is taken whole. */
const NO_ETAG = '"incomplete"';

/**
 * The keys of the environment, kept like the upstream's: each question waits there until something is different. While
 * the upstream is away the last list stays good, for a bounded time: SDKs that restart meanwhile must get in.
 */
export class KeyCopy implements KeyList, Pick<KeyAuthenticator, 'authenticateKey' | 'keyById'> {
  readonly onChange: KeyList['onChange'];
  readonly onKeyRevoked: (listener: (event: Ended) => void) => () => void;
  readonly #deps: KeyCopyDeps;
  readonly #changes;
  readonly #ends;
  #byHash = new Map<string, ListedKey>();
  #etag: string | undefined;
  #confirmedAt = 0;
  #savedAt = 0;
  #failures = 0;
  /** Epoch ms since when the upstream is itself out of touch. */
  #upstreamStaleSince: number | undefined;
  #refused: string | undefined;
  #stopped = false;
  #asking = new AbortController();
  #wake = (): void => {};

  constructor(deps: KeyCopyDeps) {
    this.#deps = deps;
    const onError = (error: unknown): void => deps.log.error({ error }, 'a listener of keys failed');
    const changes = createListeners<void>(onError);
    this.#changes = changes;
    this.#ends = createListeners<Ended>(onError);
    this.onChange = changes.on;
    this.onKeyRevoked = this.#ends.on;
  }

  /** Whether there is a list to know keys by. */
  get isKnown(): boolean {
    return this.#etag !== undefined;
  }

  /** Why our own key is refused, as long as it is. */
  get refused(): string | undefined {
    return this.#refused;
  }

  /** Epoch ms at which the origin has last confirmed the list; 0: never. */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** Epoch ms since when the upstream is itself out of touch with the origin; undefined: it is not. */
  get upstreamStaleSince(): number | undefined {
    return this.#upstreamStaleSince;
  }

  async authenticateKey(secret: string): Promise<KeyIdentity | null> {
    if (!isWellFormed(secret)) return null;
    const hash = hashSecret(secret);
    return this.#identify((key) => sameHash(key.hash, hash), this.#byHash.get(hash));
  }

  async keyById(id: string): Promise<KeyIdentity | null> {
    const key = [...this.#byHash.values()].find((each) => each.id === id);
    return this.#identify(() => true, key);
  }

  async of(environmentId: string): Promise<KeyListing> {
    if (this.#deps.environment()?.id !== environmentId) return { keys: [] };
    const staleMs = this.#deps.cutOffMs();
    return { keys: [...this.#byHash.values()], ...(staleMs !== undefined && { staleMs }) };
  }

  /** Takes over what an earlier run kept. */
  load(): void {
    const loaded = this.#deps.file.load();
    if ('reason' in loaded) {
      const { log, file } = this.#deps;
      if (loaded.reason !== undefined) log.warn({}, `no keys are taken from ${file.path}: ${loaded.reason}`);
      return;
    }
    const { keys, etag, confirmedAt } = loaded.value;
    this.#replace(keys);
    this.#etag = etag;
    this.#confirmedAt = confirmedAt;
  }

  /** Begins to ask. */
  run(): void {
    void this.#loop();
  }

  /** Asks again at once: the upstream is back, or something else may be different. */
  kick(): void {
    this.#failures = 0;
    this.#asking.abort();
    this.#wake();
  }

  /** Lets those who wait look again: whether we are in touch is different. */
  touchChanged(): void {
    this.#changes.tell();
  }

  stop(): void {
    this.#stopped = true;
    this.kick();
  }

  /** Resolves once what is known is on disk. */
  flushed(): Promise<void> {
    return this.#deps.file.flushed();
  }

  async #loop(): Promise<void> {
    let isFresh = false;
    while (!this.#stopped) {
      this.#asking = new AbortController();
      const { signal } = this.#asking;
      const startedAt = performance.now();
      try {
        // The first question after a failure wants an answer now, for the list's age.
        const answer = await this.#deps.http.keys(this.#etag, isFresh ? WAIT_SECONDS : 0, signal);
        if (this.#stopped) return;
        isFresh = answer.kind !== 'refused';
        this.#take(answer);
        this.#failures = 0;
        if (!isFresh) await this.#pause(refusedDelay(this.#deps.random));
        else if (performance.now() - startedAt < BREATH_MS) await this.#pause(BREATH_MS);
      } catch (error) {
        isFresh = false;
        if (this.#stopped) return;
        if (signal.aborted) continue;
        if (this.#failures++ === 0)
          this.#deps.log.warn({ why: whyOf(error) }, 'the upstream does not say which keys there are');
        await this.#pause(retryDelay(this.#failures, 0, this.#deps.random));
      }
    }
  }

  #take(answer: KeysAnswer): void {
    if (answer.kind === 'refused') return this.#refuse(answer.why);
    this.#refused = undefined;
    const now = this.#deps.now();
    this.#confirmedAt = now - (answer.staleMs ?? 0);
    const wasStale = this.#upstreamStaleSince !== undefined;
    this.#upstreamStaleSince = answer.staleMs === undefined ? undefined : this.#confirmedAt;
    const isNew = answer.kind === 'list' && answer.etag !== this.#etag;
    if (answer.kind === 'list') {
      this.#etag = answer.etag;
      this.#replace(answer.keys);
    }
    if (isNew || now - this.#savedAt >= SAVE_EVERY_MS) this.#save();
    if (isNew || wasStale !== (this.#upstreamStaleSince !== undefined)) this.#changes.tell();
  }

  /** Of all keys only ours is known to have ended. Everything else goes on with what there is. */
  #refuse(why: string): void {
    if (this.#refused === undefined) {
      this.#deps.log.error(
        { why },
        'the key of this edge is refused; it goes on with what it has, and asks now and then',
      );
    }
    this.#refused = why;
    const own = this.#byHash.get(this.#deps.ownHash);
    if (own === undefined) return;
    this.#replace([...this.#byHash.values()].filter((key) => key !== own));
    this.#etag = NO_ETAG;
    this.#save();
    this.#changes.tell();
  }

  #replace(keys: readonly ListedKey[]): void {
    const before = this.#byHash;
    this.#byHash = new Map(keys.map((key) => [key.hash, key]));
    for (const { hash, id, expiresAt } of before.values()) {
      const now = this.#byHash.get(hash);
      const end = now === undefined ? this.#deps.now() : now.expiresAt;
      if (end !== null && (now === undefined || end !== expiresAt)) this.#ends.tell({ keyId: id, expiresAt: end });
    }
  }

  #save(): void {
    if (this.#etag === undefined) return;
    this.#savedAt = this.#deps.now();
    const keys = [...this.#byHash.values()];
    this.#deps.file.save({ keys, etag: this.#etag, confirmedAt: this.#confirmedAt });
  }

  #identify(fits: (key: ListedKey) => boolean, key: ListedKey | undefined): KeyIdentity | null {
    const environment = this.#deps.environment();
    if (!this.isKnown || environment === undefined) {
      throw new Refusal(503, 'NOT_READY', { detail: 'This edge has not heard from its upstream yet.' });
    }
    if (this.#deps.now() - this.#confirmedAt > this.#deps.staleMs) {
      const detail = 'This edge has been cut off for too long to know which keys are good.';
      throw new Refusal(503, 'KEYS_STALE', { detail });
    }
    if (key === undefined || !fits(key)) return null;
    const { id, kind, origins, expiresAt } = key;
    if (expiresAt !== null && expiresAt <= this.#deps.now()) return null;
    return {
      id,
      kind,
      environmentId: environment.id,
      environmentKey: environment.key,
      projectKey: environment.projectKey,
      expiresAt,
      ...(origins !== undefined && { origins }),
    };
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What `fetch` throws says nothing by itself. */
function whyOf(error: unknown): string {
  return String(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
