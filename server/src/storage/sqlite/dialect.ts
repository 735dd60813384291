import { sql } from 'drizzle-orm';
import type { Dialect } from '../sql/dialect.ts';

export const sqliteDialect: Dialect = {
  contains: (column, text) => sql`instr(${column}, ${text}) > 0`,
  member: (column, name) => sql`json_extract(${column}, ${`$.${name}`})`,
  greaterOf: (column, excluded) => sql`max(${column}, ${excluded})`,
};
