import pg from 'pg';
import type { Pool, PoolClient } from 'pg';
import type { PostgresTarget } from '../../config/database-url.ts';
import type { Log } from '../../log.ts';
import type { Db, Tables } from '../sql/db.ts';
import type { Stores } from '../sql/stores.ts';
import type { Storage } from '../storage.ts';
import { boundedOptions, connectOptions } from './connect-options.ts';
import { createDoorbell, type Doorbell } from './doorbell.ts';
import { toFailure, toOpenError, unavailable } from './failures.ts';
import { Follower, type Announcement } from './follower.ts';
import { withLocks } from './locks.ts';
import { migrate } from './migrate.ts';
import { createOutage, type Outage } from './outage.ts';
import { createPostgresBoard, type PostgresBoard } from './replica-board.ts';
import { createServingReads } from './serving.ts';
import { onConnection, transact } from './transact.ts';
import { createTurns } from './turns.ts';

/** How a PostgreSQL database is opened. */
export interface PostgresOptions {
  readonly target: PostgresTarget;
  /** `server`: brings tables up to date. `reader`: beside servers, for doctor. Default `server`. */
  readonly as?: 'server' | 'reader';
  readonly log?: Log;
}

const CONNECTIONS = 10;
/** A write that has to wait for longer than this is refused. */
const PATIENCE_MS = 3000;
const READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Opens a PostgreSQL database, which several servers may use at once. Nothing waits for it without a limit: while it
 * is away, everything that needs it is refused with 503, and goes on by itself when it is back.
 */
export async function openPostgres({ target, as = 'server', log }: PostgresOptions): Promise<Storage> {
  await prepare(target, as);
  const pool = new pg.Pool({ ...boundedOptions(target), max: CONNECTIONS });
  // A connection may die between two statements, or while nobody uses it: the next statement says so.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const outage = createOutage(log);
  const board = createPostgresBoard(boundedOptions(target));
  const doorbell = createDoorbell({
    connect: () => new pg.Client(boundedOptions(target)),
    ring: (upTo) => follower.ring(upTo),
    ringReplicas: (payload) => board.rung(payload),
    onError: (error) => log?.warn({ error }, 'the connection that listens for other servers was lost'),
  });
  const follower: Follower = new Follower({ ...announcementReads(pool), ...followerDeps(doorbell, outage) });
  return createStorage({ pool, doorbell, follower, board, outage });
}

/** Answers with what is wrong before anything depends on the database. */
async function prepare(target: PostgresTarget, as: 'server' | 'reader'): Promise<void> {
  try {
    const client = new pg.Client(connectOptions(target));
    client.on('error', () => {});
    try {
      await client.connect();
      if (as === 'server') await migrate(client);
    } finally {
      await client.end().catch(() => {});
    }
  } catch (error) {
    throw toOpenError(error, target);
  }
}

function announcementReads(pool: Pool): {
  readFrom: (seq: number, limit: number) => Promise<readonly Announcement[]>;
  newest: () => Promise<number>;
} {
  return {
    readFrom: async (seq, limit) =>
      (
        await pool.query<{ seq: number; text: string }>(
          'SELECT seq, text FROM announcements WHERE seq >= $1 ORDER BY seq LIMIT $2',
          [seq, limit],
        )
      ).rows,
    newest: async () =>
      (await pool.query<{ seq: number }>('SELECT coalesce(max(seq), 0)::bigint AS seq FROM announcements')).rows[0]
        ?.seq ?? 0,
  };
}

function followerDeps(doorbell: Doorbell, outage: Outage) {
  return { listen: doorbell.open, onError: outage.failed, onAnswer: outage.answered };
}

interface Parts {
  readonly pool: Pool;
  readonly doorbell: Doorbell;
  readonly follower: Follower;
  readonly board: PostgresBoard;
  readonly outage: Outage;
}

function createStorage({ pool, doorbell, follower, board, outage }: Parts): Storage {
  const turns = createTurns(PATIENCE_MS, () => unavailable('others are waiting for it already'));
  const plain = rememberStores((_client, stores) => stores);
  const locking = rememberStores(withLocks);
  const readOne = <T>(work: (client: PoolClient) => Promise<T>): Promise<T> =>
    translated(() => onConnection(pool, READ, work));
  return {
    serving: createServingReads({ query: pool.query.bind(pool) }, readOne),
    replicas: board,
    awayMs: outage.awayMs,
    announcements: { follow: (listener) => translated(() => follower.follow(listener)) },
    transaction: (work) => turns.run(() => transact({ pool, storesOf: locking, follower }, work)),
    read: (work) => readOne(async (client) => work(await plain(client))),
    async backup() {
      throw new Error('PostgreSQL is backed up with its own tools: pg_dump, or a base backup with its log.');
    },
    // PostgreSQL checks its pages itself, when it was set up to.
    check: async () => [],
    async close() {
      await follower.stop();
      await doorbell.close();
      await board.close();
      // What has begun is let through, then nobody else is.
      await turns.run(() => pool.end());
    },
  };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(error);
  }
}

/** The stores of each connection, made once: drizzle takes its time to load and to build statements. */
function rememberStores(
  finish: (client: PoolClient, stores: Stores) => Stores,
): (client: PoolClient) => Promise<Stores> {
  const known = new WeakMap<PoolClient, Stores>();
  return async (client) => {
    const found = known.get(client) ?? finish(client, await loadStores(client));
    known.set(client, found);
    return found;
  };
}

async function loadStores(client: PoolClient): Promise<Stores> {
  const [{ drizzle }, { createStores }, { postgresDialect }, tables] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('../sql/stores.ts'),
    import('./dialect.ts'),
    import('./schema.ts'),
  ]);
  const parts: unknown = { db: drizzle(client), tables };
  if (!standsIn(parts)) throw new Error('The database has other tables than the stores know.');
  return createStores(parts.db, parts.tables, postgresDialect);
}

/** Its types differ from SQLite's; what the stores use of it does not, as the contract suite shows over both. */
function standsIn(parts: unknown): parts is { readonly db: Db; readonly tables: Tables } {
  return typeof parts === 'object' && parts !== null && 'tables' in parts;
}
