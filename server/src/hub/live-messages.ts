import type { LiveMessage } from '@dimmer/core/api';
import type { ChangeEvent } from '../changes/change-feed.ts';
import type { LiveFeedDeps } from './live-deps.ts';

/** How a project stands, read at the moment it is asked. */
export interface ProjectState {
  /** By environment key. */
  readonly versions: () => Readonly<Record<string, number>>;
  readonly instances: () => Readonly<Record<string, number>>;
}

/** Loads a project's environments, so that their state can then be read without waiting. */
export async function readProject(
  { source, hub }: Pick<LiveFeedDeps, 'source' | 'hub'>,
  project: string,
): Promise<ProjectState> {
  const environments = source.environments().filter(({ projectKey }) => projectKey === project);
  for (const { id } of environments) {
    if (source.peek(id) === undefined) await source.head(id).catch(() => undefined);
  }
  return {
    versions: () => Object.fromEntries(environments.map(({ id, key }) => [key, source.peek(id)?.version ?? 0])),
    instances() {
      const counts = hub.counts();
      return Object.fromEntries(environments.map(({ id, key }) => [key, counts[id] ?? 0]));
    },
  };
}

/** A change with the rows of the flags it touched, as they now are. */
export async function toChangeMessage(
  { views }: Pick<LiveFeedDeps, 'views'>,
  project: string,
  event: ChangeEvent,
): Promise<LiveMessage> {
  const { value: change } = await views.getChange(project, event.changeId);
  const touched = new Set<string>();
  for (const { object } of event.effects) {
    if (object.kind === 'flag' || object.kind === 'flag-settings') touched.add(object.key);
  }
  const rows = touched.size === 0 ? [] : await views.matrixRows(project, [...touched]);
  const shown = new Set(rows.map(({ key }) => key));
  return { type: 'change', change, rows, removed: [...touched].filter((key) => !shown.has(key)) };
}
