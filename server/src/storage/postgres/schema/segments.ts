import type { Condition } from '@dimmer/core/model';
import { pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { json, text, whole } from '../columns.ts';
import { environments, projects } from './projects.ts';

export const segments = pgTable(
  'segments',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    createdAt: whole('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] })],
);

export const segmentSettings = pgTable(
  'segment_settings',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    segment: text('segment').notNull(),
    condition: json<Condition>('condition').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.segment] })],
);
