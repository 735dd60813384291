import type { EffectObject } from '@dimmer/core/api';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { Draft } from './draft.ts';

/** The fields of an object as the history names them; empty when it is not there (any more). */
export async function currentFields(draft: Draft, object: EffectObject): Promise<Readonly<Record<string, unknown>>> {
  const { tx, project } = draft;
  switch (object.kind) {
    case 'flag':
      return { ...(await tx.flags.byKey(project.id, object.key)) };
    case 'segment':
      return { ...(await tx.segments.byKey(project.id, object.key)) };
    case 'flag-settings':
    case 'segment-settings': {
      const environment = draft.environments.find(({ key }) => key === object.environment);
      if (!environment) return {};
      return object.kind === 'flag-settings'
        ? { ...(await tx.flags.settings(environment.id, object.key)) }
        : { ...(await tx.segments.settings(environment.id, object.key)) };
    }
    case 'environment':
      return environmentFields(draft.environments.find(({ key }) => key === object.key));
    case 'project':
      return { name: project.name };
    case 'key':
    case 'token':
    case 'user':
    default:
      return {};
  }
}

function environmentFields(row: EnvironmentRow | undefined): Readonly<Record<string, unknown>> {
  if (!row) return {};
  return { ...row, expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt).toISOString() };
}
