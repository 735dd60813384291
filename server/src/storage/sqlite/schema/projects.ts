import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const projects = sqliteTable(
  'projects',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (t) => [
    uniqueIndex('projects_key')
      .on(t.key)
      .where(sql`deleted_at IS NULL`),
  ],
);

export const environments = sqliteTable(
  'environments',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    position: integer('position').notNull(),
    protected: integer('protected', { mode: 'boolean' }).notNull(),
    expiresAt: integer('expires_at'),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
    version: integer('version').notNull(),
    digest: text('digest').notNull(),
    bytes: integer('bytes').notNull(),
    committedAt: integer('committed_at').notNull(),
  },
  (t) => [
    uniqueIndex('environments_key')
      .on(t.projectId, t.key)
      .where(sql`deleted_at IS NULL`),
  ],
);
