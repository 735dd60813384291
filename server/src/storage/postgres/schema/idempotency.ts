import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from '../columns.ts';

export const idempotency = pgTable(
  'idempotency',
  {
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    status: whole('status').notNull(),
    body: text('body').notNull(),
    at: whole('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_at').on(t.at)],
);
