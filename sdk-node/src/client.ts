import type { Context, ContextValue, Json, Meta } from '@dimmer/core/model';
import type { ErrorCode, Reason } from '@dimmer/core/evaluation';
import type { Bootstrap as PageBootstrap } from '@dimmer/core/protocol';
import type { DataSource, LinkState } from '@dimmer/core/replica';

/** A client of one environment: holds its ruleset and answers from memory. */
export interface Client {
  /**
   * Whether a boolean flag is on for a context. Synchronous; never throws. `fallback` (default false) is the answer for
   * an unknown flag, one that is not boolean, one that fails, and while there is no ruleset.
   */
  isEnabled(key: string, context?: Context, fallback?: boolean): boolean;
  /** The name of the variant served; undefined when none is, as for an unknown flag. Never throws. */
  variant(key: string, context?: Context): string | undefined;
  /** The value served; `fallback` when there is none or it is of another type than `fallback`. Never throws. */
  value(key: string, fallback: boolean, context?: Context): boolean;
  value(key: string, fallback: number, context?: Context): number;
  value(key: string, fallback: string, context?: Context): string;
  value<T extends Json>(key: string, fallback: T, context?: Context): T;
  /** The same with reason, variant, rule, error and metadata. May allocate. Never throws. */
  details(key: string, fallback: boolean, context?: Context): Details<boolean>;
  details(key: string, fallback: number, context?: Context): Details<number>;
  details(key: string, fallback: string, context?: Context): Details<string>;
  details<T extends Json>(key: string, fallback: T, context?: Context): Details<T>;
  /**
   * Resolves with where the answers come from, once that is the server, or once the first attempt to reach it has
   * failed and there is a cache or bootstrap, or after `timeoutMs` (default 5000). Never rejects.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<DataSource>;
  /** Listens; gives a function that stops listening. A listener that throws disturbs nobody. */
  on<N extends keyof ClientEvents>(name: N, listener: (event: ClientEvents[N]) => void): () => void;
  /** How the client stands with its server, and what it holds. */
  readonly status: Status;
  /**
   * The values of the flags that browsers may see, for a page that is rendered here: `createClient` of the browser SDK
   * starts from them if its context is this one. The `context` option is not added: the browser does not have it.
   * Undefined while nothing has come from a server, and for a context that is not JSON. Never throws.
   */
  bootstrap(context?: Context): PageBootstrap | undefined;
  /**
   * The same as a script element, safe to put into HTML, after which it is in `globalThis.dimmerBootstrap`: null where
   * `bootstrap` gives undefined. `nonce`: for a Content-Security-Policy that wants one. Never throws.
   */
  bootstrapScript(context?: Context, options?: { readonly nonce?: string }): string;
  /** Passes an event of the application on to whoever listens for `track`; returns at once. */
  track(name: string, context?: Context, details?: Readonly<Record<string, ContextValue>>): void;
  /** Changes the SDK key; connects with the new one at once, and serves what is held until that is answered. */
  setKey(key: string): void;
  /** Sends what usage there is, and closes for good; evaluation goes on with what is held. */
  close(): Promise<void>;
}

/** The outcome of one evaluation, with the value to use. */
export interface Details<T> {
  readonly key: string;
  readonly value: T;
  /** Absent when `value` is the fallback. */
  readonly variant?: string;
  readonly reason: Reason;
  /** Id of the rule that decided, if one did. */
  readonly rule?: string;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly metadata?: Meta;
  /** Version of the ruleset that was asked; 0 when there is none. */
  readonly version: number;
}

/** How changes arrive: over a WebSocket, or by asking for them where none comes through. */
export type Transport = 'socket' | 'polling';

/** How a client stands with its server, and what it holds. */
export interface Status {
  readonly state: LinkState;
  readonly source: DataSource;
  /** Version of the ruleset held; 0 when there is none. */
  readonly version: number;
  /** Digest of the ruleset held, 16 hex digits. */
  readonly digest: string;
  /** Time since the server last confirmed it, in ms; null for a bootstrap and for defaults. */
  readonly ageMs: number | null;
  /** How it is connected; null while it is not. */
  readonly transport: Transport | null;
  /** Why the server refuses the key, which only people can put right; absent when it does not. */
  readonly refused?: string;
}

/** What a client tells its listeners. */
export interface ClientEvents {
  /** Another ruleset is being served; `flags` are the keys that it can make come out differently. */
  readonly change: { readonly version: number; readonly flags: readonly string[] };
  /** The status has another `state` or `transport`. */
  readonly status: Status;
  /** Something is wrong that only people can put right; evaluation goes on. A refused key (`key`) is said once. */
  readonly error: { readonly code: string; readonly message: string };
  /** The application called `track`. */
  readonly track: {
    readonly name: string;
    readonly context: Context | undefined;
    readonly details: Readonly<Record<string, ContextValue>> | undefined;
  };
}
