import type { Environment, KeyView, Page, Project } from '@dimmer/core/api';
import { credentialTimes } from '../auth/credential-times.ts';
import { withEtag } from '../changes/etag.ts';
import type { Read } from '../changes/etag.ts';
import { findEnvironment, findProject } from '../changes/find-project.ts';
import type { KeyRow } from '../storage/key-store.ts';
import type { Storage } from '../storage/storage.ts';
import { toEnvironment, toProject } from './environment-view.ts';

/** Projects, environments and the SDK keys that open them, as the API shows them. `Refusal` 404 for what is not there. */
export interface EnvironmentViews {
  listProjects(): Promise<Read<Page<Project>>>;
  getProject(project: string): Promise<Read<Project>>;
  listEnvironments(project: string): Promise<Read<Page<Environment>>>;
  getEnvironment(project: string, environment: string): Promise<Read<Environment>>;
  listKeys(project: string, environment: string): Promise<Read<Page<KeyView>>>;
}

/** Projects and environments of a database. Their lists are short: one page each. */
export function createEnvironmentViews(storage: Pick<Storage, 'read'>, now: () => number = Date.now): EnvironmentViews {
  return {
    listProjects: () => storage.read(async (tx) => withEtag({ items: (await tx.projects.list()).map(toProject) })),
    getProject: (key) => storage.read(async (tx) => withEtag(toProject(await findProject(tx, key)))),
    listEnvironments: (projectKey) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        return withEtag({ items: (await tx.environments.list(project.id)).map(toEnvironment) });
      }),
    getEnvironment: (projectKey, key) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        return withEtag(toEnvironment(await findEnvironment(tx, project, key)));
      }),
    listKeys: (projectKey, environmentKey) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const environment = await findEnvironment(tx, project, environmentKey);
        return withEtag({ items: (await tx.keys.list(environment.id, now())).map(toKeyView) });
      }),
  };
}

function toKeyView(row: KeyRow): KeyView {
  const { id, kind, name, hint, origins } = row;
  return { id, kind, name, hint, ...(origins && { origins }), ...credentialTimes(row) };
}
