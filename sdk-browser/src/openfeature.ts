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
    const applied = context && Object.keys(context).length > 0 ? this.#client.setContext(toContext(context)) : true;
    const source = await this.#client.ready();
    const isReady = source !== 'defaults' && (await applied);
    this.#initialization = isReady ? 'ready' : 'failed';
    if (isReady) return;
    if (this.#refused) throw new ProviderFatalError('The server refuses the SDK key');
    throw new ProviderNotReadyError('The server could not be reached');
  }

  async onContextChange(_before: EvaluationContext, context: EvaluationContext): Promise<void> {
    if (await this.#client.setContext(toContext(context))) return;
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
