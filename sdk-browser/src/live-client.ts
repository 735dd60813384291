import type { Context } from '@dimmer/core/model';
import { createLink, createListeners, createReadiness, VALUE_RULES } from '@dimmer/core/replica';
import type { LinkState } from '@dimmer/core/replica';
import { createAnswers } from './answers.ts';
import { browserSockets } from './browser-socket.ts';
import type { Client, ClientEvents, Status } from './client.ts';
import { MEANS } from './options.ts';
import type { ClientOptions, Log, Means } from './options.ts';
import { SDK } from './version.ts';

const TIMEOUT_MS = 5000;

/** A page has no other log, and these lines are for whoever writes it. */
const toConsole: Log = (level, message) => globalThis.console[level](message);

/**
 * Makes a client and starts connecting; it can be asked at once. Throws a TypeError for a context that is not JSON and
 * a SyntaxError for a url that is none. Make one per page.
 */
export function createClient(options: ClientOptions, { clock, random, open }: Means = MEANS): Client {
  const { url, appVersion, log = toConsole } = options;
  const digit = (): string => Math.floor(random() * 16).toString(16);
  const instanceId = Array.from({ length: 32 }, digit).join('');
  const listeners = createListeners<ClientEvents>();
  const { serve, drain, ...answers } = createAnswers(log);
  const readiness = createReadiness(() => status().source, clock);
  let { key } = options;
  /** Number of the newest context. */
  let generation = 1;
  let linkState: LinkState = 'connecting';
  /** Settles the promise of the last `setContext`. */
  let settle = (_applied: boolean): void => undefined;

  const link = createLink({
    rules: VALUE_RULES,
    clock,
    random,
    open: open ?? browserSockets(url),
    context: copy(options.context ?? {}),
    hello: () => ({ sdk: SDK, instanceId, appVersion, key }),
    swap(state) {
      serve(state);
      if (state.generation === generation) settle(true);
    },
    swapped({ version }, { values = [] }) {
      const flags = [...values];
      if (flags.length) listeners.emit('change', { version, flags });
    },
    state(state) {
      linkState = state;
      listeners.emit('status', status());
      readiness.check();
    },
    failed: readiness.failed,
    error: (code, message) => listeners.emit('error', { code, message }),
    drain,
  });
  const status = (): Status => {
    const { version, digest } = link.state();
    const heardAt = link.heardAt();
    const ageMs = version && heardAt !== undefined ? clock.now() - heardAt : null;
    return { state: linkState, source: version ? 'live' : 'defaults', version, digest, ageMs };
  };
  return {
    ...answers,
    on: listeners.on,
    ready: ({ timeoutMs = TIMEOUT_MS } = {}) => readiness.wait(timeoutMs),
    get status() {
      return status();
    },
    setContext(context) {
      settle(false);
      const copied = copy(context);
      return new Promise((resolve) => {
        generation++;
        settle = resolve;
        clock.after(TIMEOUT_MS, () => resolve(false));
        link.setContext(copied);
      });
    },
    setKey(next) {
      key = next;
      readiness.failed(false);
      link.connect();
    },
    close() {
      link.close();
      settle(false);
      readiness.failed(true);
    },
  };
}

/** A copy that the application cannot change behind our back; throws a TypeError for what is not JSON. */
function copy(context: Context): Context {
  const copied: Context = JSON.parse(JSON.stringify(context));
  return copied;
}
