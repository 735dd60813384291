import type { Environment, KeyView, Page, Project, TokenView } from '@dimmer/core/api';
import { withEtag } from '../changes/etag.ts';
import type { Read } from '../changes/etag.ts';
import { findEnvironment, findProject } from '../changes/find-project.ts';
import type { ChangeRow } from '../storage/change-store.ts';
import type { KeyRow } from '../storage/key-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { TokenRow } from '../storage/token-store.ts';
import { toEnvironment, toProject } from './environment-view.ts';

/** Projects, environments and what opens them, as the API shows them. `Refusal` 404 for what is not there. */
export interface EnvironmentViews {
  listProjects(): Promise<Read<Page<Project>>>;
  getProject(project: string): Promise<Read<Project>>;
  listEnvironments(project: string): Promise<Read<Page<Environment>>>;
  getEnvironment(project: string, environment: string): Promise<Read<Environment>>;
  listKeys(project: string, environment: string): Promise<Read<Page<KeyView>>>;
  listTokens(): Promise<Read<Page<TokenView>>>;
}

/** The history of the installation is short; who made a token longer ago than this stays unsaid. */
const MAX_CHANGES = 2_000;

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
    listTokens: () =>
      storage.read(async (tx) => {
        const makers = makersOf(await tx.changes.list(null, { limit: MAX_CHANGES }));
        return withEtag({ items: (await tx.tokens.list(now())).map((row) => toTokenView(row, makers)) });
      }),
  };
}

function toKeyView(row: KeyRow): KeyView {
  const { id, kind, name, hint, origins } = row;
  return { id, kind, name, hint, ...(origins && { origins }), ...timesOf(row) };
}

function toTokenView(row: TokenRow, makers: ReadonlyMap<string, string>): TokenView {
  const { id, name, role, hint } = row;
  return { id, name, role, hint, createdBy: makers.get(id) ?? null, ...timesOf(row) };
}

/** Names of those who made tokens, by the token's id. */
function makersOf(changes: readonly ChangeRow[]): ReadonlyMap<string, string> {
  const made = changes.flatMap(({ actor, effects }) =>
    effects
      .filter(({ object, action }) => object.kind === 'token' && action === 'create')
      .map(({ object }) => [object.key, actor.name] as const),
  );
  return new Map(made);
}

function timesOf({ createdAt, lastUsedAt, expiresAt }: Pick<KeyRow, 'createdAt' | 'lastUsedAt' | 'expiresAt'>): {
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
} {
  const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
  return { createdAt: new Date(createdAt).toISOString(), lastUsedAt: iso(lastUsedAt), expiresAt: iso(expiresAt) };
}
