import type { Context } from '@dimmer/core/model';
import { canonicalText, textHash } from '@dimmer/core/protocol';
import { createLink, createListeners, createReadiness, VALUE_RULES } from '@dimmer/core/replica';
import type { DataSource, Link, LinkState } from '@dimmer/core/replica';
import { createAnswers } from './answers.ts';
import { browserSockets } from './browser-socket.ts';
import type { Client, ClientEvents, Status } from './client.ts';
import { createLazyFallback } from './lazy-fallback.ts';
import { MEANS } from './options.ts';
import type { ClientOptions, Means } from './options.ts';
import { createPresence } from './presence.ts';
import { chooseStart } from './start.ts';
import { SDK } from './version.ts';

const TIMEOUT_MS = 5000;

/**
 * Makes a client and starts connecting; it can be asked at once. Throws a TypeError for a url that is none and for a
 * context that is not JSON. Make one per page.
 */
// oxlint-disable-next-line max-lines-per-function -- in place of a class of twice its size, because browsers load it
export function createClient(options: ClientOptions, means: Means = MEANS): Client {
  const { clock, random } = means;
  const base = new URL(options.url, globalThis.location?.href).href.replace(/\/+$/, '');
  /** 64 bits, in which twice as much of chance is not seen. */
  const half = (): string => textHash(`${random()} ${random()}`);
  const instanceId = half() + half();
  const listeners = createListeners<ClientEvents>();
  // oxlint-disable-next-line no-console -- a page has no other log, and these lines are for whoever writes it
  const { log = console.warn } = options;
  const { swap, drain, ...answers } = createAnswers(log);
  const readiness = createReadiness(() => client.status.source, clock);
  let { key } = options;
  /** Copied, because the application may change its own. */
  const context = copy(options.context);
  let contextHash = hashOf(context);
  /** Number of the newest context. */
  let generation = 1;
  let linkState: LinkState = 'connecting';
  let refused: string | undefined;
  /** Settles the promise of the last `setContext`. */
  let settle = (_applied: boolean): void => undefined;

  const owner = (): string => textHash(`${base} ${key}`) + contextHash;
  const start = chooseStart(options, contextHash, owner);
  let source: DataSource = 'defaults';
  if (start) {
    ({ source } = start);
    swap(start.state);
  }
  const keep = (): unknown => linkState === 'live' && options.cache?.save(owner(), link.state());
  const error = (code: string, message: string): void => {
    // Key, kind, origin: said once, not at every attempt.
    if (/^k|^or/.test(code)) {
      if (refused) return;
      refused = message;
      log(`Key refused: ${message}`);
    }
    listeners.emit('error', { code, message });
  };
  const presence = createPresence(clock, () => link);
  const link: Link<'values'> = createLink({
    ...means,
    ...presence,
    rules: VALUE_RULES,
    open: means.open ?? createLazyFallback({ clock, state: () => link.state(), socket: browserSockets(base) }, base),
    kept: start?.state,
    context,
    hello: () => ({ sdk: SDK, instanceId, appVersion: options.appVersion, key }),
    swap(state) {
      swap(state);
      source = 'live';
      refused = undefined;
      if (state.generation === generation) settle(true);
    },
    change({ version }, { values: flags = [] }) {
      keep();
      if (flags.length) listeners.emit('change', { version, flags });
    },
    state(state) {
      linkState = state;
      keep();
      listeners.emit('status', client.status);
      readiness.update(false, false);
    },
    failed(hopeless) {
      if (hopeless) error('key', 'refused');
      readiness.update(true, hopeless);
    },
    error,
    drain,
  });
  const client: Client = {
    ...answers,
    on: listeners.on,
    ready: readiness.ready,
    get status(): Status {
      const { version, digest } = link.state();
      const line = link.line();
      const heardAt = link.heardAt();
      return {
        state: linkState,
        refused,
        source: version ? source : 'defaults',
        transport: line && (line.isPolling ? 'polling' : 'socket'),
        version,
        digest,
        ageMs: version && heardAt ? clock.now() - heardAt : null,
      };
    },
    setContext(next) {
      settle(false);
      return new Promise((resolve) => {
        const copied = copy(next);
        const hash = hashOf(copied);
        settle = resolve;
        clock.after(TIMEOUT_MS, () => resolve(false));
        if (hash !== contextHash) {
          contextHash = hash;
          generation++;
          link.setContext(copied);
        } else if (link.state().generation === generation) {
          resolve(true);
        }
        if (linkState === 'closed') resolve(false);
      });
    },
    setKey(next) {
      if (linkState === 'closed') return;
      key = next;
      refused = undefined;
      readiness.update(false, false);
      link.dial();
    },
    close() {
      presence.stop();
      link.close();
      settle(false);
      readiness.update(true, true);
    },
  };
  // It is as new as the page, so there is nothing to wait for.
  if (source === 'bootstrap') readiness.update(true, false);
  return client;
}

/** `contextHash` of what is JSON already. */
const hashOf = (context: Context): string => textHash(canonicalText(context));

/** As it is now, and as the server will see it. */
function copy(context?: Context): Context {
  return JSON.parse(JSON.stringify({ ...context }));
}
