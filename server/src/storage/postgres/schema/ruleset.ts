import { pgTable, primaryKey } from 'drizzle-orm/pg-core';
import type { ObjectKind } from '../../object-store.ts';
import { text, whole } from '../columns.ts';
import { environments } from './projects.ts';

/** The present wire state of every environment, kept by the one door. */
export const rulesetObjects = pgTable(
  'ruleset_objects',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    kind: text<ObjectKind>('kind').notNull(),
    key: text('key').notNull(),
    h: text('h').notNull(),
    def: text('def').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.kind, t.key] })],
);

export const rulesetLog = pgTable(
  'ruleset_log',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    version: whole('version').notNull(),
    digest: text('digest').notNull(),
    put: text('put').notNull(),
    remove: text('remove').notNull(),
    changeId: text('change_id').notNull(),
    at: whole('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);

export const rulesetBases = pgTable('ruleset_bases', {
  environmentId: text('environment_id')
    .primaryKey()
    .references(() => environments.id),
  version: whole('version').notNull(),
  state: text('state').notNull(),
});
