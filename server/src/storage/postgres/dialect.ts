import { sql } from 'drizzle-orm';
import type { Dialect } from '../sql/dialect.ts';

export const postgresDialect: Dialect = {
  contains: (column, text) => sql`strpos(${column}, ${text}) > 0`,
  // The type of the parameter must be named: an array is read by numbers with the same operator.
  member: (column, name) => sql`(${column}::json ->> ${name}::text)`,
  greaterOf: (column, excluded) => sql`greatest(${column}, ${excluded})`,
};
