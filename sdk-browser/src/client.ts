import type { ErrorCode, Reason } from '@dimmer/core/evaluation';
import type { Context, Json, Meta } from '@dimmer/core/model';
import type { DataSource, LinkState } from '@dimmer/core/replica';

/** A client of one environment and one context at a time: holds the values of the flags that browsers may see. */
export interface Client {
  /**
   * Whether a boolean flag is on for the context. Synchronous; never throws. `fallback` (default false) is the answer
   * for an unknown flag, one that is not boolean, one that fails, and while there are no values.
   */
  isEnabled(key: string, fallback?: boolean): boolean;
  /** The name of the variant served; undefined when none is, as for an unknown flag. Never throws. */
  variant(key: string): string | undefined;
  /** The value served; `fallback` when there is none or it is of another type than `fallback`. Never throws. */
  value(key: string, fallback: boolean): boolean;
  value(key: string, fallback: number): number;
  value(key: string, fallback: string): string;
  value<T extends Json>(key: string, fallback: T): T;
  /** The same with reason, variant, error and metadata. Never throws. */
  details(key: string, fallback: boolean): Details<boolean>;
  details(key: string, fallback: number): Details<number>;
  details(key: string, fallback: string): Details<string>;
  details<T extends Json>(key: string, fallback: T): Details<T>;
  /**
   * Asks for another context. A value for one `targetingKey` never shows for another: when that changes, fallbacks are
   * served until the new values are here. The context that is already asked for is not asked for again. Resolves with
   * true once its values are here; with false when a later call takes its
   * place, the client is closed, or 5 s have passed (they are still put in place when they come). Rejects with a
   * TypeError for a context that is not JSON.
   */
  setContext(context: Context): Promise<boolean>;
  /**
   * Resolves with where the values come from, once that is the server, or after `timeoutMs` (default 5000), or when
   * the key is refused. Never rejects.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<DataSource>;
  /** Listens; gives a function that stops listening. A listener that throws disturbs nobody. */
  on<N extends keyof ClientEvents>(name: N, listener: (event: ClientEvents[N]) => void): () => void;
  /** How the client stands with its server, and what it holds. */
  readonly status: Status;
  /** Changes the SDK key; connects with the new one at once, and serves what is held until that is answered. */
  setKey(key: string): void;
  /** Sends what usage there is, and closes for good; the values held stay. */
  close(): void;
}

/** The outcome of one evaluation, with the value to use. */
export interface Details<T> {
  readonly key: string;
  readonly value: T;
  /** Absent when `value` is the fallback. */
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly metadata?: Meta;
  /** Version of the ruleset that the values are of; 0 when there are none. */
  readonly version: number;
}

/** How a client is connected. */
export type Transport = 'socket' | 'polling';

/** How a client stands with its server, and what it holds. */
export interface Status {
  readonly state: LinkState;
  readonly source: DataSource;
  /** How it is connected: `"polling"` where WebSocket does not come through; undefined: not at present. */
  readonly transport: Transport | undefined;
  /** Version of the ruleset that the values are of; 0 when there are none. */
  readonly version: number;
  /** Digest of the values, 16 hex digits. */
  readonly digest: string;
  /** Time since the server last confirmed them, in ms; null when it has not yet. */
  readonly ageMs: number | null;
  /** Why the server refuses the key, until it is accepted or changed. */
  readonly refused?: string | undefined;
}

/** What a client tells its listeners. */
export interface ClientEvents {
  /** Other values are being served; `flags` are the keys whose values differ. */
  readonly change: { readonly version: number; readonly flags: readonly string[] };
  /** The status has another `state`. */
  readonly status: Status;
  /** Something is wrong that only people can put right; evaluation goes on. A refused key is said once. */
  readonly error: { readonly code: string; readonly message: string };
}
