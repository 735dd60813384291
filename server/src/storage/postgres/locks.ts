import type { PoolClient } from 'pg';
import type { Stores } from '../sql/stores.ts';

/**
 * The stores of a transaction that writes: what is read to be changed is locked first, so that the servers on one
 * database take turns where it matters and nowhere else. Locks are taken in one order: answers to repeat, the chain of
 * the installation, project, environments, the chain of the project. All of them end with the transaction.
 */
export function withLocks(client: PoolClient, stores: Stores): Stores {
  const lockName = async (name: string): Promise<void> => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  };
  const { meta, projects, environments, idempotency, audit } = stores;
  return {
    ...stores,
    meta: {
      ...meta,
      async get(key) {
        await lockName(`meta:${key}`);
        return meta.get(key);
      },
    },
    projects: {
      ...projects,
      async lock(key) {
        await client.query('SELECT 1 FROM projects WHERE key = $1 AND deleted_at IS NULL FOR UPDATE', [key]);
        // A statement of its own sees what was committed while the lock was waited for.
        return projects.byKey(key);
      },
    },
    environments: {
      ...environments,
      async lock(projectId) {
        await client.query(
          'SELECT 1 FROM environments WHERE project_id = $1 AND deleted_at IS NULL ORDER BY position, key FOR UPDATE',
          [projectId],
        );
        return environments.list(projectId);
      },
      async byId(id) {
        await client.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [id]);
        return environments.byId(id);
      },
    },
    idempotency: {
      ...idempotency,
      // A parallel duplicate waits here for the first.
      async get(actor, key) {
        await lockName(`idempotency:${actor}:${key}`);
        return idempotency.get(actor, key);
      },
    },
    audit: {
      ...audit,
      async tip(chain) {
        await lockName(`audit:${chain}`);
        return audit.tip(chain);
      },
    },
  };
}
