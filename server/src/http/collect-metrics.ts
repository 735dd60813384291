import type { Freshness } from '../edge/freshness.ts';
import type { AppDeps } from './app-deps.ts';

/** What the metrics are read from. */
export interface MetricsDeps extends Pick<AppDeps, 'source' | 'version'> {
  readonly hub: Pick<AppDeps['hub'], 'servers' | 'stats'>;
  /** Of a server whose database may be away: for how long it has been, in ms; undefined: it is not. */
  readonly databaseAwayMs?: (() => number | undefined) | undefined;
  /** Of an edge. */
  readonly freshness?: () => Freshness;
}

/** A page of metrics with its media type. */
export interface MetricsPage {
  readonly type: string;
  readonly text: string;
}

type Registry = import('prom-client').Registry;
const registries = new WeakMap<MetricsDeps['hub'], Promise<Registry>>();

/**
 * Reads everything worth watching. The hub counts by itself; here its numbers are only copied, when somebody asks,
 * into the library that writes them down.
 */
export async function collectMetrics(deps: MetricsDeps): Promise<MetricsPage> {
  const known = registries.get(deps.hub) ?? createRegistry(deps);
  registries.set(deps.hub, known);
  const registry = await known;
  return { type: registry.contentType, text: await registry.metrics() };
}

async function createRegistry(deps: MetricsDeps): Promise<Registry> {
  const { hub, source, version } = deps;
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const gauge: Register = (name, help, labelNames, read) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames,
        registers: [],
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.set(labels, value);
        },
      }),
    );
  const counter = (name: string, help: string, read: () => Readonly<Record<string, number>>): void =>
    registry.registerMetric(
      new Counter({
        name,
        help,
        labelNames: ['what'],
        registers: [],
        collect() {
          this.reset();
          for (const [what, count] of Object.entries(read())) this.inc({ what }, count);
        },
      }),
    );
  const each = (read: (id: string) => number | undefined): readonly Sample[] =>
    source.environments().flatMap(({ id, key, projectKey }) => {
      const value = read(id);
      return value === undefined ? [] : [{ labels: { project: projectKey, environment: key }, value }];
    });
  const { stats } = hub;
  gauge('dimmer_info', 'Version of this server', ['version'], () => [{ labels: { version }, value: 1 }]);
  gauge('dimmer_environment_version', 'Head of each environment in memory', ['project', 'environment'], () =>
    each((id) => source.peek(id)?.version),
  );
  // Of several servers each is asked: what all have would be added up once for each.
  gauge('dimmer_instances', 'SDK instances present at this server', ['project', 'environment'], () => {
    const present = hub.servers.ownPresence();
    return each((id) => (present[id]?.connected ?? 0) + (present[id]?.polling ?? 0));
  });
  gauge('dimmer_connections', 'Open SDK sockets', ['kind'], () =>
    Object.entries(stats.connections).map(([kind, value]) => ({ labels: { kind }, value })),
  );
  registerOrigin(gauge, deps);
  counter('dimmer_hub_total', 'What the hub has done', () => numbersOf(stats));
  counter('dimmer_refused_total', 'Handshakes refused, by reason', () => stats.refused);
  counter('dimmer_snapshots_total', 'Snapshots sent, by reason', () => stats.snapshots);
  counter('dimmer_terminated_total', 'Sockets terminated, by reason', () => stats.terminated);
  return registry;
}

/** Where rulesets come from, and whether that is there. */
function registerOrigin(
  gauge: Register,
  { freshness, databaseAwayMs }: Pick<MetricsDeps, 'freshness' | 'databaseAwayMs'>,
): void {
  const nowhere = (value: number): readonly Sample[] => [{ labels: {}, value }];
  if (databaseAwayMs) {
    gauge('dimmer_database_up', '1 when the database answers', [], () =>
      nowhere(databaseAwayMs() === undefined ? 1 : 0),
    );
    gauge('dimmer_database_away_seconds', 'For how long the database has not answered; 0 when it does', [], () =>
      nowhere((databaseAwayMs() ?? 0) / 1000),
    );
  }
  if (freshness) {
    gauge('dimmer_edge_age_seconds', 'Time since the origin was last heard; NaN: never', [], () =>
      nowhere((freshness().ageMs ?? Number.NaN) / 1000),
    );
    gauge('dimmer_edge_live', '1 when in touch with the origin', [], () => nowhere(freshness().isLive ? 1 : 0));
  }
}

type Register = (name: string, help: string, labelNames: string[], read: () => readonly Sample[]) => void;

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function numbersOf(stats: MetricsDeps['hub']['stats']): Readonly<Record<string, number>> {
  const { handshakes, deltas, currents, receipts, behind } = stats;
  return { handshakes, deltas, currents, receipts, behind };
}
