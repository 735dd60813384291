import { pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from '../columns.ts';

export const receipts = pgTable(
  'receipts',
  {
    environmentId: text('environment_id').notNull(),
    version: whole('version').notNull(),
    summary: text('summary').notNull(),
    at: whole('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);
