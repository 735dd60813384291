import pg from 'pg';
import type { ClientConfig, Pool } from 'pg';
import type { InstanceName, ReplicaBoard, ReplicaRow, Ring, SpreadRow } from '../replica-board.ts';
import { REPLICAS_CHANNEL } from './doorbell.ts';

/** What there is of the board, with its own end. */
export interface PostgresBoard extends ReplicaBoard {
  /** Somebody has rung. */
  rung(payload: string | undefined): void;
  close(): Promise<void>;
}

/** One to tell and one to ask. */
const CONNECTIONS = 2;
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';
/** Of one statement: no lock is held for long, and no message becomes large. */
const ROWS = 1_000;

const BEAT = `INSERT INTO replicas (id, started_at, seen_at, version, beats, presence)
  VALUES ($1, ${NOW}, ${NOW}, $2, 1, $3)
  ON CONFLICT (id) DO UPDATE
    SET seen_at = excluded.seen_at, beats = replicas.beats + 1, presence = excluded.presence
  RETURNING beats, seen_at`;
const ROLL = `SELECT id, version, presence, beats, ${NOW} - seen_at AS "ageMs" FROM replicas`;
const PUT_SPREADS = `WITH put AS (
    INSERT INTO replica_spreads (environment_id, version, replica_id, count, told_at)
    SELECT environment_id, version, $1, count, ${NOW}
      FROM unnest($2::text[], $3::bigint[], $4::text[]) AS told(environment_id, version, count)
    ON CONFLICT (environment_id, version, replica_id) DO UPDATE
      SET count = excluded.count, told_at = excluded.told_at
    RETURNING 1
  )
  SELECT pg_notify('${REPLICAS_CHANNEL}', $5) FROM (SELECT count(*) FROM put) AS all_put`;
const SPREADS = `SELECT environment_id AS "environmentId", version, replica_id AS "replicaId", count, told_at AS "toldAt"
  FROM replica_spreads`;
const PUT_INSTANCES = `INSERT INTO replica_instances (replica_id, environment_id, instance_id, present, view)
  SELECT $1, environment_id, instance_id, present, view
    FROM unnest($2::text[], $3::text[], $4::boolean[], $5::text[]) AS put(environment_id, instance_id, present, view)
  ON CONFLICT (replica_id, environment_id, instance_id) DO UPDATE
    SET present = excluded.present, view = excluded.view`;
const REMOVE_INSTANCES = `DELETE FROM replica_instances USING unnest($2::text[], $3::text[]) AS gone(environment, instance)
  WHERE replica_id = $1 AND environment_id = environment AND instance_id = instance`;

/**
 * The board in its database. It has connections of its own: what is told here need not be on disk when it is read, and
 * waits for no write of anybody.
 */
export function createPostgresBoard(options: ClientConfig): PostgresBoard {
  const pool = new pg.Pool({ ...options, options: '-c synchronous_commit=off', max: CONNECTIONS });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const listeners: ((from: Ring | undefined) => void)[] = [];
  const notify = (what: Ring['what'], id: string): Promise<unknown> =>
    pool.query(`SELECT pg_notify('${REPLICAS_CHANNEL}', $1)`, [`${what} ${id}`]);
  return {
    async beat({ id, version, presence }) {
      const { rows: own } = await pool.query<{ beats: number; seen_at: number }>(BEAT, [id, version, presence]);
      const isNew = own[0]?.beats === 1;
      if (isNew) await notify('here', id);
      const { rows } = await pool.query<ReplicaRow>(ROLL);
      return { rows, isNew, now: own[0]?.seen_at ?? 0 };
    },
    async leave(id) {
      await pool.query('DELETE FROM replicas WHERE id = $1', [id]);
      await notify('here', id);
    },
    async putSpreads(id, rows) {
      for (const part of parts(rows)) {
        const columns = [
          part.map(({ environmentId }) => environmentId),
          part.map(({ version }) => version),
          part.map(({ count }) => count),
        ];
        await pool.query(PUT_SPREADS, [id, ...columns, `spread ${id}`]);
      }
    },
    ...spreadReads(pool),
    ...instanceTables(pool),
    async prune() {
      await pool.query(`DELETE FROM replicas WHERE seen_at < ${NOW} - 60000`);
      await pool.query(`DELETE FROM replica_spreads WHERE told_at < ${NOW} - 300000`);
    },
    onRing: (listener) => void listeners.push(listener),
    rung(payload) {
      const ring = payload === undefined ? undefined : readRing(payload);
      for (const listener of listeners) listener(ring);
    },
    close: () => pool.end(),
  };
}

function spreadReads(pool: Pool): Pick<ReplicaBoard, 'spreadsSince' | 'spreadsOf'> {
  return {
    spreadsSince: async (time) => (await pool.query<SpreadRow>(`${SPREADS} WHERE told_at >= $1`, [time])).rows,
    spreadsOf: async (environmentId, version) =>
      (await pool.query<SpreadRow>(`${SPREADS} WHERE environment_id = $1 AND version = $2`, [environmentId, version]))
        .rows,
  };
}

function instanceTables(
  pool: Pool,
): Pick<ReplicaBoard, 'putInstances' | 'removeInstances' | 'instances' | 'connected'> {
  return {
    async putInstances(id, rows) {
      for (const part of parts(rows)) {
        const columns = [
          part.map(({ environmentId }) => environmentId),
          part.map(({ instanceId }) => instanceId),
          part.map(({ present }) => present),
          part.map(({ view }) => view),
        ];
        await pool.query(PUT_INSTANCES, [id, ...columns]);
      }
    },
    async removeInstances(id, rows) {
      for (const part of parts(rows)) {
        const columns = [part.map(({ environmentId }) => environmentId), part.map(({ instanceId }) => instanceId)];
        await pool.query(REMOVE_INSTANCES, [id, ...columns]);
      }
    },
    async instances(environmentId, replicaIds) {
      const { rows } = await pool.query<{ view: string }>(
        'SELECT view FROM replica_instances WHERE environment_id = $1 AND replica_id = ANY ($2)',
        [environmentId, replicaIds],
      );
      return rows.map(({ view }) => view);
    },
    async connected(instanceIds, replicaIds) {
      const { rows } = await pool.query<InstanceName>(
        `SELECT environment_id AS "environmentId", instance_id AS "instanceId" FROM replica_instances
          WHERE present AND instance_id = ANY ($1) AND replica_id = ANY ($2)`,
        [instanceIds, replicaIds],
      );
      return rows;
    },
  };
}

function parts<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, n) => rows.slice(n * ROWS, (n + 1) * ROWS));
}

function readRing(payload: string): Ring | undefined {
  const [what, replicaId] = payload.split(' ');
  return (what === 'here' || what === 'spread') && replicaId !== undefined ? { what, replicaId } : undefined;
}
