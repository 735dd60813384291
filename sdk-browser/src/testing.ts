import type { Context, Json } from '@dimmer/core/model';
import type { ValueEntry } from '@dimmer/core/protocol';
import { createListeners } from '@dimmer/core/replica';
import { createAnswers } from './answers.ts';
import type { Client, ClientEvents } from './client.ts';

/** What a test client starts with. */
export interface TestClientOptions {
  /** Values by flag. */
  readonly flags?: Readonly<Record<string, Json>>;
  /** What `context` gives until the first `setContext`; it decides nothing. */
  readonly context?: Context;
}

/** A client without a server, whose values the test sets. */
export interface TestClient extends Client {
  /** Puts a value; `change` is emitted before this returns. */
  set(key: string, value: Json): void;
  /** Puts several at once, as one change. */
  set(values: Readonly<Record<string, Json>>): void;
  /** Removes a flag. */
  remove(key: string): void;
  /** The context set last. */
  readonly context: Context;
}

/** Makes a client that answers from values in memory: ready at once, no network, no timers, no warnings. */
export function createTestClient(options: TestClientOptions = {}): TestClient {
  const listeners = createListeners<ClientEvents>();
  const { swap, drain: _, ...answers } = createAnswers(() => undefined);
  let context = options.context ?? {};
  let closed = false;
  let version = 0;
  let values: ReadonlyMap<string, ValueEntry> = new Map();

  const serve = (next: ReadonlyMap<string, ValueEntry>, flags: readonly string[]): void => {
    values = next;
    version++;
    swap({ version, digest: '', tables: { values } });
    listeners.emit('change', { version, flags });
  };
  const put = (flags: Readonly<Record<string, Json>>): void => {
    const entries = Object.entries(flags).map(([key, value]) => [key, toEntry(value)] as const);
    serve(new Map([...values, ...entries]), Object.keys(flags));
  };
  put(options.flags ?? {});
  return {
    ...answers,
    on: listeners.on,
    ready: async () => 'live',
    get status() {
      const state = closed ? 'closed' : 'live';
      return { state, source: 'live', transport: undefined, version, digest: '0'.repeat(16), ageMs: 0 } as const;
    },
    get context() {
      return context;
    },
    async setContext(next) {
      context = next;
      return true;
    },
    setKey() {},
    close() {
      closed = true;
    },
    set: (...given: [string, Json] | [Readonly<Record<string, Json>>]) =>
      put(given.length === 2 ? { [given[0]]: given[1] } : given[0]),
    remove(key) {
      serve(new Map([...values].filter(([other]) => other !== key)), [key]);
    },
  };
}

function toEntry(value: Json): ValueEntry {
  return { h: '', value, variant: typeof value === 'boolean' ? (value ? 'on' : 'off') : 'value', reason: 'STATIC' };
}
