import type { FlagType } from '@dimmer/core/model';
import { stateEvent, toContext, toResolution } from '@dimmer/core/openfeature';
import type { Initialization } from '@dimmer/core/openfeature';
import type { LinkState } from '@dimmer/core/replica';
import {
  ErrorCode,
  GeneralError,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from '@openfeature/web-sdk';
import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/web-sdk';
import type { Client, Details } from './client.ts';

/**
 * Dimmer behind the OpenFeature web SDK. It only translates: contexts in, results out, events across. The client it is
 * given becomes its own: it gets OpenFeature's context, and is closed with the provider.
 */
export class DimmerWebProvider implements Provider {
  readonly metadata = { name: 'dimmer' } as const;
  readonly runsOn = 'client';
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #client: Client;
  readonly #listening: readonly (() => void)[];
  #initialization: Initialization = 'pending';
  #state: LinkState;
  #refused = false;
  /** Number of the newest context. */
  #turns = 0;
  /** What becomes of it. */
  #latest: Promise<boolean> = Promise.resolve(true);
  /** OpenFeature has been told that the values of the newest context are not here; it will be told when they are. */
  #owesReady = false;

  constructor(client: Client) {
    this.#client = client;
    this.#state = client.status.state;
    this.#listening = [
      client.on('status', ({ state }) => this.#turn(state)),
      client.on('change', ({ flags }) => this.#change(flags)),
      client.on('error', ({ code }) => {
        this.#refused = code === 'key';
      }),
    ];
  }

  /**
   * Sets the context and resolves once its values are here. Rejects when the server cannot be reached: `PROVIDER_FATAL`
   * if it refuses the key, else `PROVIDER_NOT_READY`, and READY follows when it is reached after all.
   */
  async initialize(context?: EvaluationContext): Promise<void> {
    const applied = context && Object.keys(context).length > 0 ? this.#apply(context) : true;
    const source = await this.#client.ready();
    const isReady = source !== 'defaults' && (await applied);
    this.#initialization = isReady ? 'ready' : 'failed';
    if (isReady) return;
    if (this.#refused) throw new ProviderFatalError('The server refuses the SDK key');
    throw new ProviderNotReadyError('The server could not be reached');
  }

  /**
   * Resolves once the values are here for the context, or for a later one that has taken its place. Rejects when they
   * have not come in 5 s; READY follows when they do.
   */
  async onContextChange(_before: EvaluationContext, context: EvaluationContext): Promise<void> {
    if (await this.#apply(context)) return;
    throw new GeneralError('The values for this context have not arrived');
  }

  async onClose(): Promise<void> {
    for (const stop of this.#listening) stop();
    this.#client.close();
  }

  resolveBooleanEvaluation(key: string, fallback: boolean): ResolutionDetails<boolean> {
    return resolved(this.#client.details(key, fallback), 'boolean', fallback);
  }

  resolveStringEvaluation(key: string, fallback: string): ResolutionDetails<string> {
    return resolved(this.#client.details(key, fallback), 'string', fallback);
  }

  resolveNumberEvaluation(key: string, fallback: number): ResolutionDetails<number> {
    return resolved(this.#client.details(key, fallback), 'number', fallback);
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T): ResolutionDetails<T> {
    return resolved(this.#client.details(key, fallback), 'object', fallback);
  }

  /** Whether the values for the newest context are here; whoever asked for an earlier one is told the same. */
  #apply(context: EvaluationContext): Promise<boolean> {
    const turn = ++this.#turns;
    const outcome = this.#client.setContext(toContext(context)).then((applied) => {
      if (applied || turn !== this.#turns) return applied || this.#latest;
      this.#owesReady = true;
      void this.#catchUp(context, turn);
      return false;
    });
    this.#latest = outcome;
    return outcome;
  }

  /** Waits on; the same context is not asked for twice. */
  async #catchUp(context: EvaluationContext, turn: number): Promise<void> {
    while (this.#owesReady && turn === this.#turns && this.#client.status.state !== 'closed') {
      // oxlint-disable-next-line no-await-in-loop -- each waits for 5 s
      if (!(await this.#client.setContext(toContext(context)))) continue;
      if (this.#owesReady && turn === this.#turns) this.#ready();
    }
  }

  #ready(): void {
    this.#owesReady = false;
    this.#initialization = 'ready';
    this.events.emit(ProviderEvents.Ready);
  }

  #turn(state: LinkState): void {
    const event = stateEvent(this.#state, state, this.#initialization);
    this.#state = state;
    if (event === 'PROVIDER_READY') this.#ready();
    if (event === 'PROVIDER_ERROR') {
      const message = 'The server has been out of reach for a minute; flags still answer from what is held';
      this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.GENERAL });
    }
    if (event === 'PROVIDER_STALE') this.events.emit(ProviderEvents.Stale);
  }

  #change(flags: readonly string[]): void {
    if (this.#initialization === 'pending') return;
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flags] });
  }
}

function resolved<T>(details: Details<T>, type: FlagType, fallback: T): ResolutionDetails<T> {
  const { errorCode, ...resolution } = toResolution(details, type, fallback);
  return errorCode === undefined ? resolution : { ...resolution, errorCode: ErrorCode[errorCode] };
}
