import type { RunResult } from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import type { Placeholder, SQL } from 'drizzle-orm';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type * as schema from '../sqlite/schema.ts';

/**
 * The stores are written once, against these tables, with nothing but `await` on what they ask, so that another
 * database with the same columns can stand in.
 */
export type Db = BaseSQLiteDatabase<'sync', RunResult>;

/** Every table, by name. */
export type Tables = typeof schema;

/** A parameter of a prepared statement. */
export function param<N extends string>(name: N): Placeholder<N> {
  return sql.placeholder(name);
}

/** The same where the types of the query builder want an expression: the new value of a column. */
export function sqlParam(name: string): SQL {
  return sql`${sql.placeholder(name)}`;
}

/** Lists as long as a statement's parameters may be. */
export function chunks<T>(items: readonly T[], size = 500): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
