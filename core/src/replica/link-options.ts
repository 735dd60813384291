import type { Context } from '../model/context.ts';
import type { UsageCounts } from '../evaluation/usage.ts';
import type { Hello } from '../protocol/hello.ts';
import type { RulesetSnapshot, ValueSnapshot } from '../protocol/snapshot.ts';
import type { Usage } from '../protocol/usage.ts';
import type { Parameters } from '../protocol/welcome.ts';
import type { Clock } from './clock.ts';
import type { LinkState } from './link-state.ts';
import type { ReplicaRules, State } from './replica.ts';
import type { OpenSocket } from './socket.ts';
import type { Changed, Kind } from './tables.ts';

export type { UsageCounts } from '../evaluation/usage.ts';

/** What a link needs, and what it tells its client. None of the functions may throw. */
export interface LinkOptions<K extends Kind> {
  readonly rules: ReplicaRules<K>;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly open: OpenSocket;
  /** Whether attempts are of no use now, as without a network; whoever says so dials when that is over. */
  hold?(): boolean;
  /** Whether `sleep` was called and `dial` has not been since: the link is not missed, and so never late. */
  asleep?(): boolean;
  /** The state to resume from. */
  readonly kept?: State<K> | undefined;
  /** Browsers: the first context. */
  readonly context?: Context;
  /** What every `hello` says about the client. */
  hello(): Pick<Hello, 'sdk' | 'instanceId' | 'appVersion' | 'key' | 'edge'>;
  /** Serve this state from now on, and do nothing else yet; without `changed` its entries are the same. */
  swap(state: State<K>, changed?: Changed<K>): void;
  /** A state with changes is being served. */
  change(state: State<K>, changed: Changed<K>): void;
  /** The server's parameters are here, at the start of every connection. */
  welcome?(parameters: Parameters): void;
  /** Another connection than before is in use: what was said on that one may be lost. */
  answered?(): void;
  /** The link has come into another state. */
  state(state: LinkState): void;
  /** An attempt failed and there is no other connection; `refused`: the key was. */
  failed(refused: boolean): void;
  /** Something that people should see: a code of `StreamError`, or `key`, `digest`, `malformed`. */
  error(code: string, message: string): void;
  /**
   * Some of the evaluations since the last call, no more than fit into one message; undefined when there are none.
   * Without times they are of the time since the last message.
   */
  drain(): (UsageCounts & Partial<Pick<Usage, 'from' | 'to'>>) | undefined;
  /** Keys of objects that are held only partly, for the receipt; undefined for none. */
  unreadable?(state: State<K>): { readonly unreadable: readonly string[] } | undefined;
  /**
   * Gets a snapshot over HTTP that leads to no older version of the same epoch. Absent: the connection is asked for one.
   */
  fetch?(then: (message: RulesetSnapshot | ValueSnapshot) => void): void;
}
