import type { Actor, Effect } from '@dimmer/core/api';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { projects } from './projects.ts';

export const changes = sqliteTable(
  'changes',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id').references(() => projects.id),
    seq: integer('seq').notNull(),
    at: integer('at').notNull(),
    actor: text('actor', { mode: 'json' }).$type<Actor>().notNull(),
    comment: text('comment'),
    versions: text('versions', { mode: 'json' }).$type<Readonly<Record<string, number>>>().notNull(),
    effects: text('effects', { mode: 'json' }).$type<readonly Effect[]>().notNull(),
    reverts: text('reverts'),
  },
  (t) => [index('changes_seq').on(t.projectId, t.seq)],
);

/** What each change is about, to filter the history by. */
export const changeObjects = sqliteTable(
  'change_objects',
  {
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    projectId: text('project_id'),
    seq: integer('seq').notNull(),
    /** `flag` or `environment`. */
    kind: text('kind').notNull(),
    key: text('key').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.changeId, t.kind, t.key] }),
    index('change_objects_key').on(t.projectId, t.kind, t.key, t.seq),
  ],
);

export const audit = sqliteTable(
  'audit',
  {
    chain: text('chain').notNull(),
    seq: integer('seq').notNull(),
    at: integer('at').notNull(),
    kind: text('kind').notNull(),
    actor: text('actor').notNull(),
    subject: text('subject').notNull(),
    detail: text('detail').notNull(),
    previous: text('previous').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.seq] })],
);
