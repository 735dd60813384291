import { randomBytes } from 'node:crypto';
import type { Parameters } from '@dimmer/core/protocol';
import {
  createLink,
  createReadiness,
  createRefetch,
  RULESET_RULES,
  unreadableKeys,
  usageBatches,
} from '@dimmer/core/replica';
import type {
  Changed,
  DataSource,
  Link,
  LinkState,
  Readiness,
  Refetch,
  State,
  UsageCounts,
} from '@dimmer/core/replica';
import type { BootstrapSource } from './bootstrap.ts';
import type { Status, Transport } from './client.ts';
import { FileCache } from './file-cache.ts';
import { HeldRuleset } from './held-ruleset.ts';
import { NodeSockets, SDK } from './node-socket.ts';
import type { CheckedOptions, Means } from './options.ts';
import { RulesetClient } from './ruleset-client.ts';
import { chooseStart } from './start.ts';
import type { Start } from './start.ts';

type Kind = 'flags' | 'segments';

/** What is served, in words. */
const SERVED: Readonly<Record<DataSource, string>> = {
  live: 'what was held last',
  cache: 'what the cache has',
  bootstrap: 'the bootstrap',
  defaults: 'fallbacks',
};

/** A client with a server: follows its environment, and answers from what it holds. */
export class LiveClient extends RulesetClient {
  readonly #options: CheckedOptions;
  readonly #means: Means;
  readonly #instanceId = randomBytes(16).toString('hex');
  readonly #held = new HeldRuleset();
  readonly #readiness: Readiness;
  readonly #sockets: NodeSockets;
  readonly #refetch: Refetch;
  readonly #link: Link<Kind>;
  #key: string;
  #cache: FileCache | undefined;
  #state: LinkState = 'connecting';
  #source: DataSource = 'defaults';
  /** What listeners to `status` were last told. */
  #toldTransport: Transport | null = null;
  /** Epoch ms at which what was there at the start was last confirmed. */
  #savedAt: number | null = null;
  #parameters: Parameters | undefined;
  /** Whose ruleset is held, as far as a server has said so. */
  #origin: { readonly environment: string; readonly epoch: string } | undefined;
  /** Of what is held. */
  #environmentId: string | undefined;
  /** Why the key is refused, from the first time until it is accepted or changed. */
  #refused: string | undefined;
  /** Attempts in a row that came to nothing. */
  #failures = 0;
  /** Drained, and not sent yet. */
  #usage: UsageCounts[] = [];
  /** Flags that the swap being done can make come out differently. */
  #affected: readonly string[] = [];

  /** Starts connecting at once. */
  constructor(options: CheckedOptions, means: Means) {
    super(options.context);
    this.#options = options;
    this.#means = means;
    this.#key = options.key;
    this.#cache = this.#openCache();
    this.#readiness = createReadiness(() => this.#source, means.clock);
    this.#sockets = new NodeSockets({
      url: options.url,
      clock: means.clock,
      key: () => this.#key,
      state: () => this.#link.state(),
      refused: (why) => this.#refuse(why),
    });
    this.#refetch = this.#createRefetch();
    const start = chooseStart(this.#cache, options.bootstrap, (message) => options.log('info', message));
    this.#serve(start);
    this.#link = this.#connect(start?.state);
  }

  get status(): Status {
    const { version, digest } = this.#link.state();
    const refused = this.#refused;
    return {
      state: this.#state,
      source: this.#source,
      version,
      digest,
      ageMs: this.#ageMs(),
      transport: this.#transport(),
      ...(refused !== undefined && { refused }),
    };
  }

  ready(options: { readonly timeoutMs?: number } = {}): Promise<DataSource> {
    return this.#readiness.ready(options);
  }

  setKey(key: string): void {
    if (this.#state === 'closed') return;
    this.#key = typeof key === 'string' ? key.trim() : '';
    this.#refused = undefined;
    this.#cache = this.#openCache();
    this.#readiness.update(false, false);
    this.#link.dial();
  }

  async close(): Promise<void> {
    this.#refetch.stop();
    this.#link.close();
    this.#readiness.update(true, true);
    await Promise.all([this.#sockets.closed(), this.#cache?.flushed()]);
  }

  protected bootstrapSource(): BootstrapSource | undefined {
    const { version, tables } = this.#link.state();
    if (this.#origin === undefined || version === 0 || this.#source === 'bootstrap') return undefined;
    return { ...this.#origin, version, flags: tables.flags, evaluator: this.evaluator };
  }

  #connect(kept: State<Kind> | undefined): Link<Kind> {
    const { clock, random, open } = this.#means;
    return createLink({
      rules: RULESET_RULES,
      clock,
      random,
      open: open ?? this.#sockets.open,
      kept,
      hello: () => ({ sdk: SDK, instanceId: this.#instanceId, appVersion: this.#options.appVersion }),
      swap: (state, changed) => this.#swap(state, changed),
      change: (state) => this.#swapped(state),
      welcome: (parameters) => this.#welcome(parameters),
      answered: () => this.#answered(),
      state: (state) => this.#turn(state),
      failed: (refused) => this.#failed(refused),
      error: (code, message) => this.#error(code, message),
      drain: () => this.#drain(),
      unreadable: (state) => unreadableKeys(state.tables),
      fetch: (then) => this.#refetch.start(then),
    });
  }

  #createRefetch(): Refetch {
    const { clock, random } = this.#means;
    return createRefetch({
      clock,
      random,
      held: () => ({ epoch: this.#parameters?.epoch, version: this.#link.state().version }),
      ask: async () => {
        const key = this.#key;
        const answer = await this.#sockets.snapshot(this.#instanceId);
        if (this.#key === key) return answer;
        throw new Error('the key is another by now');
      },
      failed: (error) => this.#error('sync', `No snapshot could be had over HTTP: ${String(error)}`),
    });
  }

  #drain(): UsageCounts | undefined {
    if (this.#usage.length === 0) {
      this.#usage = usageBatches(this.evaluator.drainUsage(), this.#parameters?.limits.messageBytes ?? 0);
    }
    return this.#usage.shift();
  }

  #serve(start: Start | undefined): void {
    if (!start) return;
    this.#source = start.source;
    this.#savedAt = start.savedAt;
    this.#environmentId = start.environmentId;
    const { environmentKey: environment, epoch } = start;
    if (environment !== undefined && epoch !== undefined) this.#origin = { environment, epoch };
    this.#swap(start.state);
  }

  #swap(state: State<Kind>, changed?: Changed<Kind>): void {
    // What was asked of nothing says nothing about which flags there are.
    if (this.#source === 'defaults') this.evaluator.drainUsage();
    this.#affected = this.#held.swap(state.tables, changed);
    this.evaluator = this.#held.evaluator;
  }

  #swapped(state: State<Kind>): void {
    // Version 0: what there was belonged to another environment.
    this.#source = state.version > 0 ? 'live' : 'defaults';
    if (state.version > 0) this.#save(state);
    // Not now: the receipt and whoever waits come first.
    this.#means.clock.after(0, () => this.#held.prepare());
    if (this.#affected.length > 0) this.emit('change', { version: state.version, flags: this.#affected });
  }

  #save(state: State<Kind>): void {
    const parameters = this.#parameters;
    if (parameters && this.#cache) {
      const { epoch, environment } = parameters;
      const { id: environmentId, key: environmentKey } = environment;
      this.#cache.save({ environmentId, environmentKey, epoch, savedAt: this.#means.clock.wall(), state });
    }
  }

  #welcome(parameters: Parameters): void {
    const { id, key } = parameters.environment;
    this.#refused = undefined;
    if (this.#environmentId !== undefined && this.#environmentId !== id) {
      this.#options.log('info', `What was held is of another environment than "${key}", and is dropped`);
      this.#cache?.drop();
      this.#link.clear();
    }
    this.#environmentId = id;
    this.#parameters = parameters;
    this.#origin = { environment: parameters.environment.key, epoch: parameters.epoch };
  }

  #turn(state: LinkState): void {
    this.#state = state;
    if (state === 'live') {
      this.#source = 'live';
      this.#failures = 0;
    }
    this.#tellStatus();
    this.#readiness.update(false, false);
  }

  /** One failed attempt is nothing; whoever starts an application with a wrong address hears of it after the second. */
  #failed(refused: boolean): void {
    // Usually the reason is known by now, and this adds nothing.
    if (refused) this.#refuse('refused');
    this.#readiness.update(true, refused);
    if (refused || ++this.#failures !== 2) return;
    const { url, log } = this.#options;
    log('warn', `Dimmer: no answer from ${url}: serving ${SERVED[this.#source]}, and trying on`);
  }

  /** The way may be another while the state is the same. */
  #answered(): void {
    if (this.#transport() !== this.#toldTransport) this.#tellStatus();
    // Confirmed now, also where nothing has changed: a cache must not look older than it is.
    const state = this.#link.state();
    if (state.version > 0) this.#save(state);
  }

  #tellStatus(): void {
    this.#toldTransport = this.#transport();
    this.emit('status', this.status);
  }

  #transport(): Transport | null {
    const line = this.#link.line();
    if (line === undefined || this.#state === 'closed') return null;
    return line.isPolling === true ? 'polling' : 'socket';
  }

  /** Said once, not at every attempt: only people can help, and they have been told. */
  #refuse(why: string): void {
    if (this.#refused !== undefined) return;
    this.#refused = why;
    const { url, log } = this.#options;
    const message = `Dimmer: the key was refused (${why}): make one under SDK keys at ${url}, of kind server (dmr_srv_…)`;
    log('warn', message);
    this.emit('error', { code: 'key', message });
  }

  #error(code: string, message: string): void {
    if (code === 'key' || code === 'kind' || code === 'origin') return this.#refuse(message);
    this.#options.log('error', message);
    this.emit('error', { code, message });
  }

  #ageMs(): number | null {
    const { clock } = this.#means;
    const heardAt = this.#link.heardAt();
    // 0: its first answer is being put in place at this moment.
    if (this.#source === 'live') return heardAt === 0 ? 0 : clock.now() - heardAt;
    return this.#savedAt === null ? null : Math.max(0, clock.wall() - this.#savedAt);
  }

  #openCache(): FileCache | undefined {
    const { cacheDir, url, log } = this.#options;
    return cacheDir === undefined
      ? undefined
      : new FileCache(cacheDir, url, this.#key, (message) => log('warn', message));
  }
}
