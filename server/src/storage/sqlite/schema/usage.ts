import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const usageHours = sqliteTable(
  'usage_hours',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    hour: integer('hour').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag, t.hour] }), index('usage_hours_hour').on(t.hour)],
);

export const usageLast = sqliteTable(
  'usage_last',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);

export const usageUnknown = sqliteTable(
  'usage_unknown',
  {
    environmentId: text('environment_id').notNull(),
    key: text('key').notNull(),
    count: integer('count').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.key] })],
);
