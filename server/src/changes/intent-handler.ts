import type { Draft } from './draft.ts';
import type { Intent, IntentKind, IntentOf } from './intent.ts';

/** What carries out one kind of intent. */
export interface IntentHandler<K extends IntentKind = IntentKind> {
  readonly kind: K;
  /**
   * The object it writes, as the API shows it now, for `If-Match` and the new ETag; undefined when there is none
   * (yet, or any more).
   */
  current?(draft: Draft, intent: IntentOf<K>): Promise<unknown>;
  /**
   * Checks the right to do it, writes rows, and leaves in the draft what was done: an effect for each field that
   * differs, and every wire object that may. Writes nothing when everything is so already.
   */
  apply(draft: Draft, intent: IntentOf<K>, perform: Perform): Promise<void>;
}

/** Carries out another intent within the same change set. */
export type Perform = (intent: Intent) => Promise<void>;

/** A handler among those of other kinds. */
export interface AnyHandler {
  readonly kind: IntentKind;
  current(draft: Draft, intent: Intent): Promise<unknown>;
  apply(draft: Draft, intent: Intent, perform: Perform): Promise<void>;
}

/** Puts a handler among those of other kinds. */
export function handle<K extends IntentKind>(handler: IntentHandler<K>): AnyHandler {
  const own = (intent: Intent): IntentOf<K> => {
    if (!isOf(intent, handler.kind)) throw new TypeError(`${intent.kind} is not for ${handler.kind}`);
    return intent;
  };
  return {
    kind: handler.kind,
    current: async (draft, intent) => handler.current?.(draft, own(intent)),
    apply: (draft, intent, perform) => handler.apply(draft, own(intent), perform),
  };
}

/** Finds the handler of an intent. */
export function createRegistry(handlers: readonly AnyHandler[]): (intent: Intent) => AnyHandler {
  const byKind = new Map(handlers.map((handler) => [handler.kind, handler]));
  return (intent) => {
    const handler = byKind.get(intent.kind);
    if (!handler) throw new TypeError(`Nothing handles ${intent.kind}`);
    return handler;
  };
}

function isOf<K extends IntentKind>(intent: Intent, kind: K): intent is IntentOf<K> {
  return intent.kind === kind;
}
