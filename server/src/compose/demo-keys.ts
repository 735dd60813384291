import type { Committer } from '../changes/committer.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import { systemPrincipal } from '../policy/principal.ts';

/** Where the demo runs: the project that every installation begins with. */
const DEMO_PLACE = { project: 'default', environment: 'production' } as const;

/** SDK keys of the demo, kept in memory only. */
export interface DemoKeys {
  readonly serverKey: string;
  readonly clientKey: string;
}

const DEMO_NAMES: readonly string[] = ['demo server', 'demo browser'];

/**
 * Makes keys for the lamp wall. Their secrets are stored nowhere, so each start makes new ones, and ends those of the
 * start before. Undefined when the first project or its production is no more.
 */
export async function createDemoKeys(committer: Committer, views: EnvironmentViews): Promise<DemoKeys | undefined> {
  const principal = systemPrincipal('demo');
  const place = DEMO_PLACE;
  const existing = await views.listKeys(place.project, place.environment).catch(() => undefined);
  if (existing === undefined) return undefined;
  const old = existing.value.items.filter(({ name }) => DEMO_NAMES.includes(name));
  const make = async (kind: 'server' | 'client', name: string): Promise<string> => {
    const { created } = await committer.commit({
      principal,
      project: place.project,
      intents: [{ kind: 'key.create', environment: place.environment, input: { kind, name } }],
    });
    return created?.secret ?? '';
  };
  if (old.length > 0) {
    await committer.commit({
      principal,
      project: place.project,
      intents: old.map(({ id }) => ({ kind: 'key.revoke', environment: place.environment, id })),
    });
  }
  return { serverKey: await make('server', 'demo server'), clientKey: await make('client', 'demo browser') };
}
