import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const receipts = sqliteTable(
  'receipts',
  {
    environmentId: text('environment_id').notNull(),
    version: integer('version').notNull(),
    summary: text('summary').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);
