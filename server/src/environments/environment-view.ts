import type { Environment, Project } from '@dimmer/core/api';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ProjectRow } from '../storage/project-store.ts';

/** An environment as the API shows it. */
export function toEnvironment(row: EnvironmentRow): Environment {
  const { id, key, name, position, version, expiresAt } = row;
  return {
    id,
    key,
    name,
    position,
    protected: row.protected,
    ...(expiresAt !== null && { expiresAt: new Date(expiresAt).toISOString() }),
    version,
  };
}

/** A project as the API shows it. */
export function toProject({ key, name, createdAt }: ProjectRow): Project {
  return { key, name, createdAt: new Date(createdAt).toISOString() };
}
