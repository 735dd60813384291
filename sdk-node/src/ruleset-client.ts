import { createEvaluator } from '@dimmer/core/evaluation';
import type { Evaluator } from '@dimmer/core/evaluation';
import type { Context, ContextValue, FlagType, Json } from '@dimmer/core/model';
import type { Bootstrap } from '@dimmer/core/protocol';
import { createListeners } from '@dimmer/core/replica';
import type { DataSource, Listeners } from '@dimmer/core/replica';
import { makeBootstrap, toScript } from './bootstrap.ts';
import type { BootstrapSource } from './bootstrap.ts';
import type { Client, ClientEvents, Details, Status } from './client.ts';
import { compilePattern } from './held-ruleset.ts';

/** What is the same for a client with a server and one without: answering from an evaluator. */
export abstract class RulesetClient implements Client {
  protected evaluator: Evaluator = createEvaluator({ flags: {}, segments: {} }, { patterns: compilePattern });
  protected readonly listeners: Listeners<ClientEvents> = createListeners();
  /** Attributes that every context gets unless it has its own. */
  readonly #context: Context | undefined;

  constructor(context?: Context) {
    this.#context = context;
  }

  abstract readonly status: Status;
  abstract ready(options?: { readonly timeoutMs?: number }): Promise<DataSource>;
  abstract setKey(key: string): void;
  abstract close(): Promise<void>;
  /** What values for a page are made of; undefined while nothing has come from a server. */
  protected abstract bootstrapSource(): BootstrapSource | undefined;

  isEnabled(key: string, context?: Context, fallback: boolean = false): boolean {
    return this.evaluator.isEnabled(key, this.#context === undefined ? context : this.#merged(context), fallback);
  }

  variant(key: string, context?: Context): string | undefined {
    return this.evaluator.variant(key, this.#merged(context));
  }

  value(key: string, fallback: boolean, context?: Context): boolean;
  value(key: string, fallback: number, context?: Context): number;
  value(key: string, fallback: string, context?: Context): string;
  value<T extends Json>(key: string, fallback: T, context?: Context): T;
  value<T extends Json>(key: string, fallback: T, context?: Context): T {
    return this.evaluator.value(key, fallback, this.#merged(context));
  }

  details(key: string, fallback: boolean, context?: Context): Details<boolean>;
  details(key: string, fallback: number, context?: Context): Details<number>;
  details(key: string, fallback: string, context?: Context): Details<string>;
  details<T extends Json>(key: string, fallback: T, context?: Context): Details<T>;
  details<T extends Json>(key: string, fallback: T, context?: Context): Details<T> {
    const { version, source } = this.status;
    if (source === 'defaults') {
      const errorMessage = 'No ruleset has been received yet';
      return { key, value: fallback, reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', errorMessage, version };
    }
    const { value, ...rest } = this.evaluator.typed(key, typeOf(fallback), this.#merged(context));
    return { ...rest, key, value: isOfType(value, fallback) ? value : fallback, version };
  }

  bootstrap(context: Context = {}): Bootstrap | undefined {
    const source = this.bootstrapSource();
    try {
      return source && makeBootstrap(source, context);
    } catch {
      // A context that is not JSON: no browser can have it, either.
      return undefined;
    }
  }

  bootstrapScript(context: Context = {}, { nonce }: { readonly nonce?: string } = {}): string {
    return toScript(this.bootstrap(context), nonce);
  }

  on<N extends keyof ClientEvents>(name: N, listener: (event: ClientEvents[N]) => void): () => void {
    return this.listeners.on(name, listener);
  }

  track(name: string, context?: Context, details?: Readonly<Record<string, ContextValue>>): void {
    this.emit('track', { name, context: this.#merged(context), details });
  }

  protected emit<N extends keyof ClientEvents>(name: N, event: ClientEvents[N]): void {
    this.listeners.emit(name, event);
  }

  #merged(context: Context | undefined): Context | undefined {
    if (this.#context === undefined) return context;
    try {
      return { ...this.#context, ...context };
    } catch {
      // A getter of the caller's that throws must not make an evaluation throw.
      return this.#context;
    }
  }
}

/** The type a fallback asks for; undefined (any) for null. */
function typeOf(fallback: Json): FlagType | undefined {
  if (fallback === null) return undefined;
  const type = typeof fallback;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}

/** The evaluator has seen to it that a value it gives is of the type that was asked for. */
function isOfType<T extends Json>(value: Json | undefined, _fallback: T): value is T {
  return value !== undefined;
}
