import { createClient } from '@dimmer/sdk-node';
import type { Means } from '@dimmer/sdk-node';
import { DimmerProvider } from '@dimmer/sdk-node/openfeature';
import type { Ruleset } from '@dimmer/core/model';
import type { OpenSocket } from '@dimmer/core/replica';
import { OpenFeature, ProviderStatus } from '@openfeature/server-sdk';
import type {
  Client,
  EvaluationContext,
  EvaluationDetails,
  FlagEvaluationOptions,
  FlagValue,
  Hook,
  JsonValue,
  ResolutionDetails,
} from '@openfeature/server-sdk';
import { snapshotOf, WELCOME } from './fake-server.ts';

/** What the steps of one scenario share. */
export interface World {
  readonly ruleset: Ruleset;
  readonly client: Client;
  asked?: { readonly type: string; readonly key: string; readonly fallback: FlagValue };
  context: Record<string, JsonValue>;
  levels: Map<string, Readonly<Record<string, string>>>;
  order: readonly string[];
  options: FlagEvaluationOptions;
  details?: EvaluationDetails<FlagValue>;
  /** Stages of hooks that ran, with what they were given. */
  hooked: { readonly stage: string; readonly details?: EvaluationDetails<FlagValue> | undefined }[];
  /** The context that reached the provider. */
  merged?: EvaluationContext;
}

let domains = 0;

/** A world with an OpenFeature client of its own; its provider comes with a step. */
export function createWorld(ruleset: Ruleset): World {
  const client = OpenFeature.getClient(`scenario-${++domains}`);
  return { ruleset, client, context: {}, levels: new Map(), order: [], options: {}, hooked: [] };
}

/** A connection that fails, at once. */
const failing: OpenSocket = (listener) => {
  queueMicrotask(() => listener.closed(false));
  return { send: () => undefined, close: () => undefined };
};

/** One that is refused for its key. */
const refusing: OpenSocket = (listener) => {
  queueMicrotask(() => listener.closed(true));
  return { send: () => undefined, close: () => undefined };
};

/** One on which nothing ever happens. */
const silent: OpenSocket = () => ({ send: () => undefined, close: () => undefined });

/** Real time, a hundred times as fast. */
const clock: Means['clock'] = {
  now: () => performance.now() * 100,
  wall: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms / 100);
    return () => clearTimeout(timer);
  },
};

const connect = (open: OpenSocket, bootstrap?: Ruleset): ReturnType<typeof createClient> =>
  createClient(
    { url: 'http://localhost', key: 'dmr_srv_test', ...(bootstrap ? { bootstrap } : {}) },
    { clock, random: Math.random, open },
  );

/**
 * Puts the provider in place that a step asks for, in the state it asks for. The stable one serves a bootstrap without a
 * version; with one, the version would be part of every flag's metadata.
 */
export async function provide(world: World, state: string): Promise<void> {
  const domain = String(world.client.metadata.domain);
  switch (state) {
    case 'stable':
      return OpenFeature.setProviderAndWait(domain, new RecordingProvider(connect(failing, world.ruleset), world));
    case 'not ready':
      return void OpenFeature.setProvider(domain, new DimmerProvider(connect(silent)));
    case 'error':
      return OpenFeature.setProviderAndWait(domain, new DimmerProvider(connect(failing))).catch(() => undefined);
    case 'fatal':
      return OpenFeature.setProviderAndWait(domain, new DimmerProvider(connect(refusing))).catch(() => undefined);
    case 'stale':
      return loseLink(world, domain);
    default:
      throw new Error(`There is no ${state} provider`);
  }
}

/** A provider that was live and has lost its link. */
async function loseLink(world: World, domain: string): Promise<void> {
  let lose = (): void => undefined;
  const open: OpenSocket = (listener) => {
    queueMicrotask(() => listener.opened());
    lose = () => listener.closed(false);
    return {
      send: (text) => {
        if (!text.includes('"hello"')) return;
        for (const message of [WELCOME, ...snapshotOf({ version: 1, ...world.ruleset })]) {
          listener.frame(JSON.stringify(message));
        }
      },
      close: () => undefined,
    };
  };
  await OpenFeature.setProviderAndWait(domain, new DimmerProvider(connect(open)));
  if (world.client.providerStatus !== ProviderStatus.READY) throw new Error('not live');
  lose();
}

/** Notes the context that reaches it. */
class RecordingProvider extends DimmerProvider {
  readonly #world: World;

  constructor(client: ReturnType<typeof createClient>, world: World) {
    super(client);
    this.#world = world;
  }

  override resolveBooleanEvaluation(
    key: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    this.#world.merged = context;
    return super.resolveBooleanEvaluation(key, fallback, context);
  }
}

/** Evaluates the flag that the scenario asks for. */
export async function evaluate(world: World): Promise<void> {
  const { client, context, options, asked } = world;
  if (!asked) throw new Error('No flag was asked for');
  world.details = await detailsOf(client, asked, context, options);
}

function detailsOf(
  client: Client,
  { type, key, fallback }: NonNullable<World['asked']>,
  context: EvaluationContext,
  options: FlagEvaluationOptions,
): Promise<EvaluationDetails<FlagValue>> {
  switch (type) {
    case 'boolean':
      return client.getBooleanDetails(key, fallback === true, context, options);
    case 'string':
      return client.getStringDetails(key, typeof fallback === 'string' ? fallback : '', context, options);
    case 'integer':
    case 'float':
      return client.getNumberDetails(key, Number(fallback), context, options);
    default:
      return client.getObjectDetails(key, fallback, context, options);
  }
}

/** A hook that notes each of its stages. */
export function recordingHook(world: World): Hook {
  return {
    before: () => {
      world.hooked.push({ stage: 'before' });
    },
    after: (_, details) => {
      world.hooked.push({ stage: 'after', details });
    },
    error: () => {
      world.hooked.push({ stage: 'error' });
    },
    finally: (_, details) => {
      world.hooked.push({ stage: 'finally', details });
    },
  };
}

/** A value as a feature file writes it. */
export function parseValue(type: string, text: string): JsonValue {
  if (text === 'null') return null;
  switch (type.toLowerCase()) {
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'float':
      return Number(text);
    case 'object': {
      const value: JsonValue = JSON.parse(text.replaceAll('\\"', '"'));
      return value;
    }
    default:
      return text;
  }
}
