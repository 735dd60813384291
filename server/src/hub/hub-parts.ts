import type { KeyIdentity } from '../auth/key-identity.ts';
import { Admission } from './admission.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import type { Clock } from './clock.ts';
import { EnvironmentHub } from './environment-hub.ts';
import { createEvaluateValue } from './evaluate-value.ts';
import { createEventStreams } from './event-streams.ts';
import type { EventHub, EventSubscription } from './event-streams.ts';
import { Instances } from './instances.ts';
import { HUB_LIMITS } from './limits.ts';
import type { HubLimits } from './limits.ts';
import type { HubDeps } from './ports.ts';
import { ReceiptCounter } from './receipts.ts';
import { Sessions } from './sessions.ts';
import { createStats } from './stats.ts';
import type { HubStats } from './stats.ts';
import { createSync } from './sync.ts';
import type { SyncHub } from './sync.ts';
import { UsageCounter } from './usage.ts';

/** Everything a hub is made of. */
export interface HubParts {
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly stats: HubStats;
  readonly admission: Admission;
  readonly instances: Instances;
  readonly receipts: ReceiptCounter;
  readonly usage: UsageCounter;
  readonly environments: Map<string, EnvironmentHub>;
  readonly sessions: Sessions;
  readonly sync: SyncHub;
  readonly events: EventHub;
}

/** Makes the parts and ties them together. Nothing runs yet. */
export function createParts(deps: HubDeps): HubParts {
  const { source, authenticateKey } = deps;
  const clock = deps.clock ?? SYSTEM_CLOCK;
  const random = deps.random ?? Math.random;
  const limits: HubLimits = { ...HUB_LIMITS, ...deps.limits };
  const stats = createStats();
  const instances = new Instances(clock, limits);
  const admission = new Admission(limits, clock.monotonic());
  const environments = new Map<string, EnvironmentHub>();
  const onError = (error: unknown): void => deps.log.warn({ error }, 'a stream could not be answered');
  const environmentAt = createEnvironmentAt(deps, limits, environments, onError);
  const environmentOf = ({ environmentId, environmentKey, projectKey }: KeyIdentity): EnvironmentHub =>
    environmentAt({ id: environmentId, key: environmentKey, projectKey });
  const { receipts, usage } = createCounters(deps, clock, limits, instances, stats);
  const shared = { source, clock, random, limits, stats, admission, instances, receipts, usage };
  return {
    clock,
    limits,
    stats,
    admission,
    instances,
    receipts,
    usage,
    environments,
    sessions: new Sessions({ ...shared, authenticateKey, environmentOf, onError }),
    sync: createSync({ source, clock, limits, instances, environmentOf }),
    events: createEventStreams((subscription) => {
      const head = source.peek(subscription.environmentId);
      const environment = source.environments().find(({ id }) => id === subscription.environmentId);
      if (environment !== undefined && head !== undefined) environmentAt(environment).values.prime(head);
      return countEventStream(instances, subscription, random);
    }, limits),
  };
}

interface NamedEnvironment {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
}

function createEnvironmentAt(
  { source }: HubDeps,
  limits: HubLimits,
  environments: Map<string, EnvironmentHub>,
  onError: (error: unknown) => void,
): (environment: NamedEnvironment) => EnvironmentHub {
  return ({ id, key, projectKey }) => {
    const known = environments.get(id);
    if (known !== undefined) return known;
    const name = { id, key, project: projectKey };
    const made = new EnvironmentHub(name, source, limits, createEvaluateValue(), (_guest, error) => onError(error));
    environments.set(id, made);
    return made;
  };
}

function createCounters(
  { source, records, log }: HubDeps,
  clock: Clock,
  limits: HubLimits,
  instances: Instances,
  stats: HubStats,
): { receipts: ReceiptCounter; usage: UsageCounter } {
  const receipts = new ReceiptCounter({
    clock,
    instances,
    limits,
    store: records.receipts,
    reached: (environmentId) => source.peek(environmentId)?.version,
    onStoreError: (error) => log.warn({ error }, 'summaries of receipts not stored'),
    onListenerError: (error) => log.warn({ error }, 'the spread of a version could not be shown'),
  });
  const usage = new UsageCounter({
    clock,
    book: records.usage,
    onTaken: () => void (stats.usage += 1),
    hasFlag: (environmentId, flag) => source.peek(environmentId)?.objects.flags.has(flag),
  });
  return { receipts, usage };
}

/** An event stream has no identity of its own: it gets one for as long as it lasts. */
function countEventStream(instances: Instances, subscription: EventSubscription, random: () => number): () => void {
  const digits = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const { environmentId, kind, address } = subscription;
  const info = {
    instanceId: digits() + digits() + digits() + digits(),
    kind,
    transport: 'event-stream',
    sdk: 'ofrep',
    address,
    version: 0,
  } as const;
  const { instance } = instances.connect(environmentId, info, subscription);
  return () => void instances.disconnect(instance, subscription);
}
