import { stateEvent, toContext, toResolution } from '@dimmer/core/openfeature';
import type { Initialization } from '@dimmer/core/openfeature';
import type { FlagType } from '@dimmer/core/model';
import type { LinkState } from '@dimmer/core/replica';
import {
  ErrorCode,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from '@openfeature/server-sdk';
import type {
  EvaluationContext,
  JsonValue,
  Provider,
  ResolutionDetails,
  TrackingEventDetails,
} from '@openfeature/server-sdk';
import type { Client, Details } from './client.ts';

/**
 * Dimmer behind the OpenFeature server SDK. It only translates: contexts in, results out, events across. The client it
 * is given becomes its own, and is closed with it.
 */
export class DimmerProvider implements Provider {
  readonly metadata = { name: 'dimmer' } as const;
  readonly runsOn = 'server';
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly #client: Client;
  readonly #listening: readonly (() => void)[];
  #initialization: Initialization = 'pending';
  #state: LinkState;

  constructor(client: Client) {
    this.#client = client;
    this.#state = client.status.state;
    this.#listening = [
      client.on('status', ({ state }) => this.#turn(state)),
      client.on('change', ({ flags }) => this.#change(flags)),
    ];
  }

  /**
   * Resolves once there is a ruleset, of whatever source. Rejects when there is none: `PROVIDER_FATAL` if the key is
   * refused, else `PROVIDER_NOT_READY`, and READY follows when the server is reached after all.
   */
  async initialize(): Promise<void> {
    const source = await this.#client.ready();
    this.#initialization = source === 'defaults' ? 'failed' : 'ready';
    if (source !== 'defaults') return;
    const { refused } = this.#client.status;
    if (refused !== undefined) throw new ProviderFatalError(`The server refuses the SDK key: ${refused}`);
    throw new ProviderNotReadyError('The server could not be reached, and there is neither cache nor bootstrap');
  }

  async onClose(): Promise<void> {
    for (const stop of this.#listening) stop();
    await this.#client.close();
  }

  async resolveBooleanEvaluation(
    key: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return resolved(this.#client.details(key, fallback, toContext(context)), 'boolean', fallback);
  }

  async resolveStringEvaluation(
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return resolved(this.#client.details(key, fallback, toContext(context)), 'string', fallback);
  }

  async resolveNumberEvaluation(
    key: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return resolved(this.#client.details(key, fallback, toContext(context)), 'number', fallback);
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return resolved(this.#client.details(key, fallback, toContext(context)), 'object', fallback);
  }

  track(name: string, context?: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client.track(name, toContext(context), details);
  }

  #turn(state: LinkState): void {
    const event = stateEvent(this.#state, state, this.#initialization);
    this.#state = state;
    if (event === 'PROVIDER_READY') this.#initialization = 'ready';
    if (event === 'PROVIDER_ERROR') {
      const message = 'The server has been out of reach for a minute; flags still answer from what is held';
      this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.GENERAL });
    } else if (event) {
      this.events.emit(event === 'PROVIDER_READY' ? ProviderEvents.Ready : ProviderEvents.Stale);
    }
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
