import type { Draft } from '../changes/draft.ts';
import { Refusal, notFound } from '../refusal.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { FlagRow, SettingsRow } from '../storage/flag-store.ts';
import type { ProjectRow } from '../storage/project-store.ts';
import type { ReadTx } from '../storage/storage.ts';

/** Where flags are looked for: a draft, or what a view reads. */
interface FlagPlace {
  readonly tx: Pick<ReadTx, 'flags'>;
  readonly project: ProjectRow;
}

/** A flag, archived or not; 404 when there is none. */
export async function loadFlag({ tx, project }: FlagPlace, key: string): Promise<FlagRow> {
  const flag = await tx.flags.byKey(project.id, key);
  if (!flag) throw notFound(`flag "${key}" in project "${project.key}"`);
  return flag;
}

/** A flag to be edited: 409 when it is archived. */
export async function loadLiveFlag(draft: Draft, key: string): Promise<FlagRow> {
  const flag = await loadFlag(draft, key);
  if (flag.archivedAt !== null) throw archived(draft.project.key, key);
  return flag;
}

/** A flag's settings in an environment; 404 when there are none. */
export async function loadSettings(
  { tx }: Pick<FlagPlace, 'tx'>,
  environment: EnvironmentRow,
  flag: string,
): Promise<SettingsRow> {
  const settings = await tx.flags.settings(environment.id, flag);
  if (!settings) throw notFound(`flag "${flag}" in environment "${environment.key}"`);
  return settings;
}

/** What a flag is has changed, and with it what it is in every environment. */
export function touchFlag(draft: Draft, key: string, path: string): void {
  draft.touchEverywhere({ kind: 'flag', key, path }, (environment) => `${path}/settings/${environment}`);
}

/** 409: the key is reserved by an archived flag; says how to bring it back. */
export function archived(project: string, key: string): Refusal {
  return new Refusal(409, 'ARCHIVED', {
    detail: `The flag "${key}" is archived. Its key stays reserved; restore it instead.`,
    links: { restore: `/api/v1/projects/${project}/flags/${key}/restore` },
  });
}
