/**
 * The tables. Times are epoch milliseconds; JSON is text, never a database's own JSON type, so that every database
 * keeps the same bytes. Nothing of the history is ever updated; projects and environments are only marked deleted.
 */
export * from './schema/access.ts';
export * from './schema/changes.ts';
export * from './schema/flags.ts';
export * from './schema/idempotency.ts';
export * from './schema/meta.ts';
export * from './schema/projects.ts';
export * from './schema/receipts.ts';
export * from './schema/ruleset.ts';
export * from './schema/segments.ts';
export * from './schema/usage.ts';
