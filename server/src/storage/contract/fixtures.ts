import type { EnvironmentRow } from '../environment-store.ts';
import type { FlagRow, SettingsRow } from '../flag-store.ts';
import type { Tx } from '../storage.ts';

export const project = { id: 'prj_1', key: 'shop', name: 'Shop', createdAt: 1 };

export function environment(key: string, position: number): EnvironmentRow {
  const head = { version: 0, digest: '0000000000000000', bytes: 0, committedAt: 1 };
  const words = { name: key, position, protected: position > 0, expiresAt: null };
  return { id: `env_${key}`, projectId: project.id, key, ...words, createdAt: 1, ...head };
}

export function flag(key: string): FlagRow {
  return {
    projectId: project.id,
    key,
    name: key,
    description: 'a „flag” — 标志',
    type: 'object',
    kind: 'release',
    variants: { a: { value: { b: 1, a: [null, true] } } },
    tags: ['x', 'y'],
    owner: null,
    clientVisible: true,
    metadata: { team: 'shop' },
    createdAt: 1,
    archivedAt: null,
    changedAt: 1,
    changedBy: 'me',
  };
}

export function settings(environmentId: string, key: string): SettingsRow {
  const rules = [{ id: 'r', if: { attr: 'a', in: [1, 'x', true] }, serve: null }];
  return { environmentId, flag: key, enabled: true, off: null, rules, default: null, seed: 'abcdefgh' };
}

export async function fill(tx: Tx): Promise<void> {
  await tx.projects.insert(project);
  await tx.environments.insert(environment('production', 1));
  await tx.environments.insert(environment('development', 0));
}
