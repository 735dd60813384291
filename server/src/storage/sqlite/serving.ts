import type { Database } from 'better-sqlite3';
import { lazy } from '../lazy.ts';
import type { LogRow } from '../log-store.ts';
import type { ObjectKind, ObjectRow } from '../object-store.ts';
import type { ServedEnvironment, ServedKey, ServingReads } from '../serving-reads.ts';

const ENVIRONMENT = `SELECT e.id, e.key, p.key AS projectKey, e.version, e.digest, e.committed_at AS committedAt, e.bytes
  FROM environments e JOIN projects p ON p.id = e.project_id WHERE e.deleted_at IS NULL`;
const LOG = `SELECT environment_id AS environmentId, version, digest, put, remove, change_id AS changeId, at
  FROM ruleset_log WHERE environment_id = ?`;
const KEY = `SELECT k.id, k.environment_id AS environmentId, k.kind, k.name, k.hash, k.hint, k.origins,
  k.created_at AS createdAt, k.last_used_at AS lastUsedAt, k.expires_at AS expiresAt,
  e.key AS environmentKey, p.key AS projectKey
  FROM sdk_keys k JOIN environments e ON e.id = k.environment_id JOIN projects p ON p.id = e.project_id
  WHERE k.hash = ? AND e.deleted_at IS NULL`;

type StoredKey = Omit<ServedKey, 'origins'> & { readonly origins: string | null };
type StoredObject = [key: string, h: string, def: string];

/** The statements of start-up, on a connection of their own. */
export function createServingReads(client: Database): ServingReads {
  const meta = lazy(() => client.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck());
  const environments = lazy(() => client.prepare<[], ServedEnvironment>(`${ENVIRONMENT} ORDER BY 3, e.position, 2`));
  const environment = lazy(() => client.prepare<[string], ServedEnvironment>(`${ENVIRONMENT} AND e.id = ?`));
  const objects = lazy(() =>
    client
      .prepare<[string, ObjectKind], StoredObject>(
        'SELECT key, h, def FROM ruleset_objects WHERE environment_id = ? AND kind = ? ORDER BY key',
      )
      .raw(),
  );
  const log = lazy(() =>
    client.prepare<[string, number, number], LogRow>(`${LOG} AND version > ? ORDER BY version LIMIT ?`),
  );
  const logRow = lazy(() => client.prepare<[string, number], LogRow>(`${LOG} AND version = ?`));
  const key = lazy(() => client.prepare<[string], StoredKey>(KEY));
  const objectsOf = (environmentId: string, kind: ObjectKind): ObjectRow[] =>
    objects()
      .all(environmentId, kind)
      .map(([key, h, def]) => ({ kind, key, h, def }));
  return {
    meta: async (name) => meta().get(name),
    environments: async () => environments().all(),
    // One state: the version and the objects it leads to.
    head: async (id) =>
      client.transaction(() => {
        const found = environment().get(id);
        return found && { ...found, objects: [...objectsOf(id, 'flag'), ...objectsOf(id, 'segment')] };
      })(),
    log: async (environmentId, after, limit) => log().all(environmentId, after, limit),
    logRow: async (environmentId, version) => logRow().get(environmentId, version),
    async key(hash) {
      const row = key().get(hash);
      if (!row) return undefined;
      const origins: readonly string[] | null = row.origins === null ? null : JSON.parse(row.origins);
      return { ...row, origins };
    },
  };
}
