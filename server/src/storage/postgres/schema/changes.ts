import type { Actor, Effect } from '@dimmer/core/api';
import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { json, text, whole } from '../columns.ts';
import { projects } from './projects.ts';

export const changes = pgTable(
  'changes',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id').references(() => projects.id),
    seq: whole('seq').notNull(),
    at: whole('at').notNull(),
    actor: json<Actor>('actor').notNull(),
    comment: text('comment'),
    versions: json<Readonly<Record<string, number>>>('versions').notNull(),
    effects: json<readonly Effect[]>('effects').notNull(),
    reverts: text('reverts'),
  },
  (t) => [index('changes_seq').on(t.projectId, t.seq)],
);

/** What each change is about, to filter the history by. */
export const changeObjects = pgTable(
  'change_objects',
  {
    changeId: text('change_id')
      .notNull()
      .references(() => changes.id),
    projectId: text('project_id'),
    seq: whole('seq').notNull(),
    /** `flag` or `environment`. */
    kind: text('kind').notNull(),
    key: text('key').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.changeId, t.kind, t.key] }),
    index('change_objects_key').on(t.projectId, t.kind, t.key, t.seq),
  ],
);

export const audit = pgTable(
  'audit',
  {
    chain: text('chain').notNull(),
    seq: whole('seq').notNull(),
    at: whole('at').notNull(),
    kind: text('kind').notNull(),
    actor: text('actor').notNull(),
    subject: text('subject').notNull(),
    detail: text('detail').notNull(),
    previous: text('previous').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chain, t.seq] })],
);
