import type { PoolClient, Pool, QueryResultRow } from 'pg';
import type { LogRow } from '../log-store.ts';
import type { ObjectRow } from '../object-store.ts';
import type { ServedEnvironment, ServedKey, ServingReads } from '../serving-reads.ts';

const ENVIRONMENT = `SELECT e.id, e.key, p.key AS "projectKey", e.version, e.digest, e.committed_at AS "committedAt", e.bytes
  FROM environments e JOIN projects p ON p.id = e.project_id WHERE e.deleted_at IS NULL`;
const LOG = `SELECT environment_id AS "environmentId", version, digest, put, remove, change_id AS "changeId", at
  FROM ruleset_log WHERE environment_id = $1`;
const OBJECTS = 'SELECT kind, key, h, def FROM ruleset_objects WHERE environment_id = $1 ORDER BY kind, key';
const KEY = `SELECT k.id, k.environment_id AS "environmentId", k.kind, k.name, k.hash, k.hint, k.origins,
  k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt", k.expires_at AS "expiresAt",
  e.key AS "environmentKey", p.key AS "projectKey"
  FROM sdk_keys k JOIN environments e ON e.id = k.environment_id JOIN projects p ON p.id = e.project_id
  WHERE k.hash = $1 AND e.deleted_at IS NULL`;

type StoredKey = Omit<ServedKey, 'origins'> & { readonly origins: string | null };

/** Runs a piece of reading on one state of the database. */
export type ReadOne = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;

/** The statements of start-up. `ask` is the pool with its failures translated. */
export function createServingReads(ask: Pick<Pool, 'query'>, readOne: ReadOne): ServingReads {
  const rowsOf = async <R extends QueryResultRow>(text: string, ...values: (string | number)[]): Promise<R[]> =>
    (await ask.query<R>(text, values)).rows;
  return {
    meta: async (name) => (await rowsOf<{ value: string }>('SELECT value FROM meta WHERE key = $1', name))[0]?.value,
    environments: () => rowsOf<ServedEnvironment>(`${ENVIRONMENT} ORDER BY 3, e.position, 2`),
    // One state: the version and the objects it leads to.
    head: (id) =>
      readOne(async (client) => {
        const [found] = (await client.query<ServedEnvironment>(`${ENVIRONMENT} AND e.id = $1`, [id])).rows;
        return found && { ...found, objects: (await client.query<ObjectRow>(OBJECTS, [id])).rows };
      }),
    log: (environmentId, after, limit) =>
      rowsOf<LogRow>(`${LOG} AND version > $2 ORDER BY version LIMIT $3`, environmentId, after, limit),
    logRow: async (environmentId, version) =>
      (await rowsOf<LogRow>(`${LOG} AND version = $2`, environmentId, version))[0],
    async key(hash) {
      const [row] = await rowsOf<StoredKey>(KEY, hash);
      if (!row) return undefined;
      const origins: readonly string[] | null = row.origins === null ? null : JSON.parse(row.origins);
      return { ...row, origins };
    },
  };
}
