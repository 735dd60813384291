import type { FlagKind } from '@dimmer/core/api';
import type { FlagType, Meta, Rule, Variant } from '@dimmer/core/model';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { environments, projects } from './projects.ts';

export const flags = sqliteTable(
  'flags',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    type: text('type').$type<FlagType>().notNull(),
    kind: text('kind').$type<FlagKind>().notNull(),
    variants: text('variants', { mode: 'json' }).$type<Readonly<Record<string, Variant>>>().notNull(),
    tags: text('tags', { mode: 'json' }).$type<readonly string[]>().notNull(),
    owner: text('owner'),
    clientVisible: integer('client_visible', { mode: 'boolean' }).notNull(),
    metadata: text('metadata', { mode: 'json' }).$type<Meta>().notNull(),
    createdAt: integer('created_at').notNull(),
    archivedAt: integer('archived_at'),
    changedAt: integer('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] })],
);

export const flagSettings = sqliteTable(
  'flag_settings',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    flag: text('flag').notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull(),
    off: text('off'),
    rules: text('rules', { mode: 'json' }).$type<readonly Rule[]>().notNull(),
    /** JSON text, `null` included: a column's own null would be another way to say the same. */
    default: text('default').notNull(),
    seed: text('seed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);
