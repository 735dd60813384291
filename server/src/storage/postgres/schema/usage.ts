import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from '../columns.ts';

export const usageHours = pgTable(
  'usage_hours',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    hour: whole('hour').notNull(),
    count: whole('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag, t.hour] }), index('usage_hours_hour').on(t.hour)],
);

export const usageLast = pgTable(
  'usage_last',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    lastAt: whole('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);

export const usageUnknown = pgTable(
  'usage_unknown',
  {
    environmentId: text('environment_id').notNull(),
    key: text('key').notNull(),
    count: whole('count').notNull(),
    lastAt: whole('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.key] })],
);
