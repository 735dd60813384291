/** How a socket of a crowd behaves. */
export type Mode =
  /** Speaks the protocol of server SDKs: reads, times, confirms. */
  | 'sdk'
  /** Reads and times whatever comes. */
  | 'bare'
  /** Speaks the protocol of browsers, each with a context of its own. */
  | 'browser'
  /** The real thing of `core/replica`, which reconnects by itself. */
  | 'link';

/** What the benchmark tells a process that holds sockets. */
export type ToCrowd =
  | {
      readonly kind: 'open';
      readonly mode: Mode;
      readonly url: string;
      readonly key: string;
      /** Number of the first one; instances and contexts follow from it. */
      readonly from: number;
      readonly count: number;
      /** To resume from. */
      readonly cursor?: string;
    }
  /** When a version arrived at each socket; answered once `count` have it (default: all that are open of this mode). */
  | { readonly kind: 'times'; readonly mode: Mode; readonly version: number; readonly count?: number }
  /** When each link was served again after it was lost; answered once all are. */
  | { readonly kind: 'served' }
  /** Links: forget what they hold. */
  | { readonly kind: 'forget' }
  /** Bare sockets: from now on answer each message, after a random time up to this; null: do not. */
  | { readonly kind: 'answer'; readonly jitterMs: number | null }
  | { readonly kind: 'close'; readonly mode: Mode };

/** What it answers; times are epoch milliseconds. */
export type FromCrowd =
  | {
      readonly kind: 'opened';
      /** Received by these sockets so far. */
      readonly bytes: number;
      /** From opening each until its state was there. */
      readonly tookMs: readonly number[];
      /** Of the newest state. */
      readonly cursor: string;
    }
  | { readonly kind: 'times'; readonly at: readonly number[]; readonly example: string }
  | { readonly kind: 'served'; readonly at: readonly number[] }
  | { readonly kind: 'done' };
