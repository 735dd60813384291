import type { AnyColumn, SQL } from 'drizzle-orm';

/** What the databases say differently. */
export interface Dialect {
  /** Whether a text contains another, as it stands. */
  contains(column: AnyColumn, text: string): SQL;
  /** A member of an object that is kept as JSON text. */
  member(column: AnyColumn, name: string): SQL;
  /** The greater of a stored number and the one that was to be inserted. */
  greaterOf(column: AnyColumn, excluded: SQL): SQL;
}
