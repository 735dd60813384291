/**
 * The tables of SQLite with the same names and columns, and one more, `announcements`; those of the board are in a file
 * of their own. JSON is text here too: the same bytes and digests on both databases.
 */
export * from './schema/access.ts';
export * from './schema/announcements.ts';
export * from './schema/changes.ts';
export * from './schema/flags.ts';
export * from './schema/idempotency.ts';
export * from './schema/meta.ts';
export * from './schema/projects.ts';
export * from './schema/receipts.ts';
export * from './schema/ruleset.ts';
export * from './schema/segments.ts';
export * from './schema/usage.ts';
