import type { Condition } from '@dimmer/core/model';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { environments, projects } from './projects.ts';

export const segments = sqliteTable(
  'segments',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] })],
);

export const segmentSettings = sqliteTable(
  'segment_settings',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    segment: text('segment').notNull(),
    condition: text('condition', { mode: 'json' }).$type<Condition>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.segment] })],
);
