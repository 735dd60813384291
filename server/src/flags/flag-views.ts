import type { FlagView, MatrixCell, MatrixRow, Page, SettingsView } from '@dimmer/core/api';
import { etagOf, withEtag } from '../changes/etag.ts';
import type { Read } from '../changes/etag.ts';
import { findEnvironment, findProject } from '../changes/find-project.ts';
import { fromCursor, pageLimit, toPage } from '../changes/paging.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { FlagRow, RawSettingsRow } from '../storage/flag-store.ts';
import type { ProjectRow } from '../storage/project-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import { loadFlagView, toFlagView, toMatrixCell, toMatrixRow, toSettingsView } from './flag-view.ts';
import { loadFlag, loadSettings } from './load-flag.ts';

/** Which page of a list. */
export interface PageQuery {
  /** As `next` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 to 200, default 50. */
  readonly limit?: number | undefined;
}

/** Flags as the API shows them. Every view throws `Refusal` 404 for what is not there. */
export interface FlagViews {
  /** All flags that are not archived, trimmed for the list. */
  flagMatrix(project: string): Promise<Read<Page<MatrixRow>>>;
  /** The same rows of these flags only; archived ones are left out. */
  matrixRows(project: string, flags: readonly string[]): Promise<MatrixRow[]>;
  listFlags(project: string, query?: PageQuery & { readonly archived?: boolean }): Promise<Read<Page<FlagView>>>;
  getFlag(project: string, flag: string): Promise<Read<FlagView>>;
  getSettings(project: string, flag: string, environment: string): Promise<Read<SettingsView>>;
}

/** The flags of a database. */
export function createFlagViews(storage: Pick<Storage, 'read'>): FlagViews {
  const matrices = new Map<string, { readonly seq: number; readonly read: Read<Page<MatrixRow>> }>();
  return {
    flagMatrix: (projectKey) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        // Whatever the list shows comes from changes, and every change of the project lengthens its chain.
        const seq = (await tx.audit.tip(project.id))?.seq ?? 0;
        const kept = matrices.get(project.id);
        if (kept?.seq === seq) return kept.read;
        const read = await readMatrix(tx, project);
        matrices.set(project.id, { seq, read });
        return read;
      }),
    matrixRows: (projectKey, keys) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const environments = await tx.environments.list(project.id);
        const flags = await tx.flags.existing(project.id, keys);
        const settings: RawSettingsRow[] = [];
        for (const { key } of flags) settings.push(...(await rawSettingsOf(tx, key, environments)));
        return toMatrix(flags, environments, settings);
      }),
    listFlags: (projectKey, query = {}) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const environments = await tx.environments.list(project.id);
        const limit = pageLimit(query.limit);
        const after = fromCursor(query.cursor);
        const filter = { archived: query.archived ?? false, limit: limit + 1, ...(after !== undefined && { after }) };
        const flags = await tx.flags.list(project.id, filter);
        const views = new Map<string, FlagView>();
        for (const flag of flags) views.set(flag.key, await loadFlagView(tx, flag, environments));
        const view = (flag: FlagRow): FlagView => views.get(flag.key) ?? toFlagView(flag, [], () => undefined);
        return withEtag(toPage(flags, limit, ({ key }) => key, view));
      }),
    getFlag: (projectKey, key) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const flag = await loadFlag({ tx, project }, key);
        return withEtag(await loadFlagView(tx, flag, await tx.environments.list(project.id)));
      }),
    getSettings: (projectKey, key, environmentKey) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const flag = await loadFlag({ tx, project }, key);
        const environment = await findEnvironment(tx, project, environmentKey);
        return withEtag(toSettingsView(flag, await loadSettings({ tx }, environment, key)));
      }),
  };
}

async function readMatrix(tx: ReadTx, project: ProjectRow): Promise<Read<Page<MatrixRow>>> {
  const environments = await tx.environments.list(project.id);
  const flags = await tx.flags.list(project.id, { archived: false });
  const settings = await tx.flags.rawSettings(environments.map(({ id }) => id));
  const value = { items: toMatrix(flags, environments, settings) };
  // Thousands of rows: their members come in one order anyway, so nothing needs sorting first.
  return { value, etag: etagOf(JSON.stringify(value)) };
}

async function rawSettingsOf(
  tx: Pick<ReadTx, 'flags'>,
  flag: string,
  environments: readonly EnvironmentRow[],
): Promise<RawSettingsRow[]> {
  const rows = await tx.flags.settingsOf(
    flag,
    environments.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...row,
    rules: JSON.stringify(row.rules),
    default: JSON.stringify(row.default),
  }));
}

function toMatrix(
  flags: readonly FlagRow[],
  environments: readonly EnvironmentRow[],
  settings: readonly RawSettingsRow[],
): MatrixRow[] {
  const types = new Map(flags.map((flag) => [flag.key, flag]));
  const keys = new Map(environments.map(({ id, key }) => [id, key]));
  const cells = new Map<string, Map<string, MatrixCell>>();
  for (const row of settings) {
    const flag = types.get(row.flag);
    const environment = keys.get(row.environmentId);
    if (!flag || environment === undefined) continue;
    const own = cells.get(row.flag) ?? new Map<string, MatrixCell>();
    own.set(environment, toMatrixCell(flag, row));
    cells.set(row.flag, own);
  }
  return flags.map((flag) => {
    const own = cells.get(flag.key);
    // In the order of the environments, whatever order the database gave.
    const ordered = environments.flatMap(({ key }) => {
      const cell = own?.get(key);
      return cell ? [[key, cell] as const] : [];
    });
    return toMatrixRow(flag, Object.fromEntries(ordered));
  });
}
