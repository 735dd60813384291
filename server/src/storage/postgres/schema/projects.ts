import { sql } from 'drizzle-orm';
import { boolean, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import { text, whole } from '../columns.ts';

export const projects = pgTable(
  'projects',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull(),
    name: text('name').notNull(),
    createdAt: whole('created_at').notNull(),
    deletedAt: whole('deleted_at'),
  },
  (t) => [
    uniqueIndex('projects_key')
      .on(t.key)
      .where(sql`deleted_at IS NULL`),
  ],
);

export const environments = pgTable(
  'environments',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    position: whole('position').notNull(),
    protected: boolean('protected').notNull(),
    expiresAt: whole('expires_at'),
    createdAt: whole('created_at').notNull(),
    deletedAt: whole('deleted_at'),
    version: whole('version').notNull(),
    digest: text('digest').notNull(),
    bytes: whole('bytes').notNull(),
    committedAt: whole('committed_at').notNull(),
  },
  (t) => [
    uniqueIndex('environments_key')
      .on(t.projectId, t.key)
      .where(sql`deleted_at IS NULL`),
  ],
);
