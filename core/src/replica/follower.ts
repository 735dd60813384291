import type { Resync } from '../protocol/resync.ts';
import { emptyState, receive } from './replica.ts';
import type { Pending, ReplicaRules, State, StateMessage } from './replica.ts';
import type { Changed, Kind } from './tables.ts';

/** What a message about the state calls for. */
export interface Step<K extends Kind> {
  /** The state to serve from now on. */
  readonly state?: State<K>;
  /** What differs in it; absent: only its version or cursor. */
  readonly changed?: Changed<K>;
  /** The server has said where this client stands. */
  readonly answered?: boolean;
  readonly resync?: Resync;
  /** Only a snapshot over HTTP can help. */
  readonly fetch?: boolean;
  /** Bookkeeping keeps failing: tell the application, serve what is held. */
  readonly diverged?: boolean;
  /** A breach of the protocol: drop the connection. */
  readonly malformed?: boolean;
}

/** What one connection has under way. */
export interface Inbox<K extends Kind> {
  pending?: Pending<K> | undefined;
  /** A resync was sent: its answer will close every further gap. */
  asked?: boolean;
}

/** Follows one environment: holds its state, and decides what to do about what does not fit. */
export class Follower<K extends Kind> {
  readonly #rules: ReplicaRules<K>;
  #state: State<K>;
  /** Digest failures in a row. */
  #failures = 0;

  /** Starts from a state kept earlier, or from nothing. */
  constructor(rules: ReplicaRules<K>, kept?: State<K>) {
    this.#rules = rules;
    this.#state = kept ?? emptyState(rules.empty);
  }

  /** The state to serve; immutable. */
  get state(): State<K> {
    return this.#state;
  }

  /** Forgets everything held. */
  clear(): void {
    this.#state = emptyState(this.#rules.empty);
  }

  /** Takes a message in. `generation` is that of a browser's newest context, undefined on servers. */
  take(inbox: Inbox<K>, message: StateMessage, generation?: number): Step<K> {
    const outcome = receive(this.#rules, this.#state, inbox.pending, message, generation);
    switch (outcome.kind) {
      case 'applied':
      case 'confirmed':
        this.#state = outcome.state;
        this.#failures = 0;
        inbox.pending = undefined;
        inbox.asked = false;
        return { ...outcome, answered: message.type !== 'heartbeat' };
      case 'pending':
        inbox.pending = outcome.pending;
        return {};
      case 'old':
        return { answered: true };
      case 'foreign':
        return {};
      case 'gap':
        // A heartbeat asks again: the first request may have been lost on the way.
        return inbox.asked && message.type !== 'heartbeat' ? {} : this.#resync(inbox, 'gap');
      case 'digest':
        return this.#doubt(inbox);
      case 'malformed':
        break;
    }
    return { malformed: true };
  }

  /** Once may be an accident; twice means that what is held, or its cursor, is wrong. */
  #doubt(inbox: Inbox<K>): Step<K> {
    this.#failures++;
    if (this.#failures === 1) return this.#resync(inbox, 'digest');
    this.#state = { ...this.#state, cursor: undefined };
    return this.#failures === 2 ? { fetch: true } : { diverged: true };
  }

  #resync(inbox: Inbox<K>, reason: Resync['reason']): Step<K> {
    inbox.asked = true;
    const { version, cursor } = this.#state;
    return { resync: { type: 'resync', have: version, reason, cursor } };
  }
}
