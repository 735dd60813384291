import type { FlagKind } from '@dimmer/core/api';
import type { FlagType, Meta, Rule, Variant } from '@dimmer/core/model';
import { boolean, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { json, text, whole } from '../columns.ts';
import { environments, projects } from './projects.ts';

export const flags = pgTable(
  'flags',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    key: text('key').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    type: text<FlagType>('type').notNull(),
    kind: text<FlagKind>('kind').notNull(),
    variants: json<Readonly<Record<string, Variant>>>('variants').notNull(),
    tags: json<readonly string[]>('tags').notNull(),
    owner: text('owner'),
    clientVisible: boolean('client_visible').notNull(),
    metadata: json<Meta>('metadata').notNull(),
    createdAt: whole('created_at').notNull(),
    archivedAt: whole('archived_at'),
    changedAt: whole('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.key] })],
);

export const flagSettings = pgTable(
  'flag_settings',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    flag: text('flag').notNull(),
    enabled: boolean('enabled').notNull(),
    off: text('off'),
    rules: json<readonly Rule[]>('rules').notNull(),
    /** JSON text, `null` included: a column's own null would be another way to say the same. */
    default: text('default').notNull(),
    seed: text('seed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);
