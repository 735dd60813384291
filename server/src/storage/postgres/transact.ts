import type { PoolClient, Pool } from 'pg';
import type { Stores } from '../sql/stores.ts';
import type { Tx } from '../storage.ts';
import { CHANNEL } from './doorbell.ts';
import { isAnswered, isInTheWay, toFailure, UnansweredCommit } from './failures.ts';
import type { Follower } from './follower.ts';

/** What transactions need. */
export interface TransactDeps {
  readonly pool: Pool;
  readonly storesOf: (client: PoolClient) => Promise<Stores>;
  readonly follower: Pick<Follower, 'own'>;
}

/** Announcements kept: a server that is farther behind reads everything anew. */
const KEPT = 10_000;
const ATTEMPTS = 5;

/**
 * The number is taken from a row that stays locked until the commit, so that numbers become visible in their order.
 * It is the last statement of a transaction: others wait for it only while this one is written to disk.
 */
const ANNOUNCE = `WITH number AS (
    INSERT INTO meta (key, value) VALUES ('announced', '1')
    ON CONFLICT (key) DO UPDATE SET value = (meta.value::bigint + 1)::text
    RETURNING value::bigint AS seq
  ), cut AS (
    DELETE FROM announcements WHERE seq <= (SELECT seq FROM number) - ${KEPT}
  ), added AS (
    INSERT INTO announcements (seq, text, at) SELECT seq, $1, $2 FROM number RETURNING seq
  )
  SELECT seq, pg_notify('${CHANNEL}', seq::text) FROM added`;

interface Announced {
  readonly text: () => string;
  readonly tell: () => void;
}

/** Runs a transaction that writes, again when another one was in its way, and what is to be heard of it. */
export async function transact<T>(deps: TransactDeps, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(deps, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isInTheWay(error)) throw toFailure(error);
    }
  }
}

async function once<T>({ pool, storesOf, follower }: TransactDeps, work: (tx: Tx) => Promise<T>): Promise<T> {
  const heard: (() => void)[] = [];
  const told: Announced[] = [];
  const { result, seqs } = await onConnection(pool, 'BEGIN', async (client) => {
    const stores = await storesOf(client);
    const done = await work({
      ...stores,
      onCommit: (listener) => void heard.push(listener),
      announce: async (text, tell) => void told.push({ text, tell }),
    });
    return { result: done, seqs: await publish(client, told) };
  });
  for (const [at, { tell }] of told.entries()) await follower.own(seqs[at] ?? 0, tell);
  for (const listener of heard) listener();
  return result;
}

async function publish(client: PoolClient, told: readonly Announced[]): Promise<number[]> {
  const seqs: number[] = [];
  for (const { text } of told) {
    const { rows } = await client.query<{ seq: number }>(ANNOUNCE, [text(), Date.now()]);
    seqs.push(rows[0]?.seq ?? 0);
  }
  return seqs;
}

/** Runs work between a beginning and a commit. A connection that did not answer is not used again. */
export async function onConnection<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let usable = true;
  try {
    await client.query(begin);
    const result = await work(client);
    const { command } = await client.query('COMMIT').catch((error: unknown) => {
      throw isAnswered(error) ? error : new UnansweredCommit('commit', { cause: error });
    });
    // After a failed statement that somebody overlooked, a commit quietly is none.
    if (command !== 'COMMIT') throw new Error('The transaction had failed before its commit; nothing was stored.');
    return result;
  } catch (error) {
    usable = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.release(!usable);
  }
}
