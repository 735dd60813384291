import type { Context } from '../model/context.ts';
import type { Up } from '../protocol/up.ts';
import type { Usage } from '../protocol/usage.ts';
import type { Parameters } from '../protocol/welcome.ts';
import type { LinkState } from './link-state.ts';
import type { State } from './replica.ts';
import type { Closed } from './socket.ts';
import type { Changed, Kind } from './tables.ts';

/** Evaluations since the last time, by flag and variant. */
export type UsageCounts = Pick<Usage, 'counts' | 'unknown'>;

/** `attempt`: to the next one, or what is left of this one; `watch`: silence of the connection. */
export type TimerName = 'attempt' | 'watch' | 'grace' | 'receipt' | 'usage';

/** What a link is told. Times are in ms; `wall` is epoch ms. */
export type LinkEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened'; readonly socket: number }
  | { readonly type: 'frame'; readonly socket: number; readonly text: string }
  | { readonly type: 'closed'; readonly socket: number; readonly why: Closed }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** A `swap` with changes has been done. */
  | { readonly type: 'swapped'; readonly arrivedAt: number; readonly swappedAt: number }
  /** What a `fetch` brought: the message as text, undefined when it failed. */
  | { readonly type: 'fetched'; readonly text: string | undefined }
  /** Browsers: the application has set a new context. */
  | { readonly type: 'context'; readonly context: Context }
  /** The application has set a new key. */
  | { readonly type: 'key' }
  /** What a `drain` brought. */
  | { readonly type: 'usage'; readonly usage: UsageCounts; readonly wall: number }
  | { readonly type: 'close' };

/** What a link wants done, in order. */
export type LinkAction<K extends Kind> =
  | { readonly do: 'open'; readonly socket: number }
  | { readonly do: 'send'; readonly socket: number; readonly message: Up }
  | { readonly do: 'close'; readonly socket: number }
  /** Replaces the timer of that name; without `ms` only cancels it. */
  | { readonly do: 'timer'; readonly name: TimerName; readonly ms?: number | undefined }
  | { readonly do: 'welcome'; readonly parameters: Parameters }
  /** Serve this state from now on; without `changed` only its version, cursor or generation differ. */
  | { readonly do: 'swap'; readonly state: State<K>; readonly changed?: Changed<K> | undefined }
  /** Get a snapshot over HTTP. */
  | { readonly do: 'fetch' }
  /** Collect usage. */
  | { readonly do: 'drain' }
  | { readonly do: 'state'; readonly state: LinkState }
  /** An attempt failed and there is no other connection; `refused`: the key was. */
  | { readonly do: 'failed'; readonly refused: boolean }
  | { readonly do: 'error'; readonly code: string; readonly message: string };
