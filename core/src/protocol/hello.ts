import type { Context } from '../model/context.ts';

/** First message of a client, within 5 s of the connection. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  /** Name and version of the SDK, `"node/0.1.0"`. */
  readonly sdk: string;
  /** 32 hex digits, new for every client, kept over reconnects, never stored. */
  readonly instanceId: string;
  readonly appVersion?: string | undefined;
  /** Browsers only; servers use the Authorization header. */
  readonly key?: string | undefined;
  readonly cursor?: string | undefined;
  /** Browsers only. */
  readonly context?: Context | undefined;
  /** It is an edge: the instances behind it are counted, by its messages `spread` and `presence`, and not itself. */
  readonly edge?: boolean | undefined;
  /** Browsers only; counts the contexts of one client from 1. */
  readonly contextGeneration?: number | undefined;
}

/** Time a client has for its `hello`. */
export const HELLO_TIMEOUT_MS = 5000;
