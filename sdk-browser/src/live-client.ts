import { createLink, createListeners, createReadiness, VALUE_RULES } from '@dimmer/core/replica';
import type { LinkState } from '@dimmer/core/replica';
import { createAnswers } from './answers.ts';
import { browserSockets } from './browser-socket.ts';
import type { Client, ClientEvents, Status } from './client.ts';
import { MEANS } from './options.ts';
import type { ClientOptions, Means } from './options.ts';
import { SDK } from './version.ts';

const TIMEOUT_MS = 5000;

/** A page has no other log, and these lines are for whoever writes it. */
const { warn } = console;

/**
 * Makes a client and starts connecting; it can be asked at once. Throws a SyntaxError for a url that is none. Make one
 * per page.
 */
// oxlint-disable-next-line max-lines-per-function -- in place of a class of twice its size, because browsers load it
export function createClient(options: ClientOptions, means: Means = MEANS): Client {
  const { clock, random, open } = means;
  const instanceId = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  const listeners = createListeners<ClientEvents>();
  const { swap, drain, ...answers } = createAnswers(options.log ?? warn);
  const readiness = createReadiness(() => client.status.source, clock);
  let { key } = options;
  /** Number of the newest context. */
  let generation = 1;
  let linkState: LinkState = 'connecting';
  /** Settles the promise of the last `setContext`. */
  let settle = (_applied: boolean): void => undefined;

  const link = createLink({
    ...means,
    rules: VALUE_RULES,
    open: open ?? browserSockets(options.url),
    context: { ...options.context },
    hello: () => ({ sdk: SDK, instanceId, appVersion: options.appVersion, key }),
    swap(state) {
      swap(state);
      if (state.generation === generation) settle(true);
    },
    change: ({ version }, { values: flags = [] }) => flags.length && listeners.emit('change', { version, flags }),
    state(state) {
      linkState = state;
      listeners.emit('status', client.status);
      readiness.update(false, false);
    },
    failed: (refused) => readiness.update(true, refused),
    error: (code, message) => listeners.emit('error', { code, message }),
    drain,
  });
  const client: Client = {
    ...answers,
    on: listeners.on,
    ready: readiness.ready,
    get status(): Status {
      const { version, digest } = link.state();
      const ageMs = version ? clock.now() - link.heardAt() : null;
      return { state: linkState, source: version ? 'live' : 'defaults', version, digest, ageMs };
    },
    setContext(context) {
      settle(false);
      return new Promise((resolve) => {
        generation++;
        settle = resolve;
        clock.after(TIMEOUT_MS, () => resolve(false));
        link.setContext({ ...context });
        if (linkState === 'closed') resolve(false);
      });
    },
    setKey(next) {
      key = next;
      readiness.update(false, false);
      link.dial();
    },
    close() {
      link.close();
      settle(false);
      readiness.update(true, true);
    },
  };
  return client;
}
