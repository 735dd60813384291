import { notFound } from '../refusal.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ProjectRow } from '../storage/project-store.ts';
import type { ReadTx } from '../storage/storage.ts';

/** The project of that key; 404 when there is none. */
export async function findProject(tx: Pick<ReadTx, 'projects'>, key: string): Promise<ProjectRow> {
  const project = await tx.projects.byKey(key);
  if (!project) throw notFound(`project "${key}"`);
  return project;
}

/** An environment of a project; 404 when there is none. */
export async function findEnvironment(
  tx: Pick<ReadTx, 'environments'>,
  project: ProjectRow,
  key: string,
): Promise<EnvironmentRow> {
  const environment = await tx.environments.byKey(project.id, key);
  if (!environment) throw notFound(`environment "${key}" in project "${project.key}"`);
  return environment;
}
