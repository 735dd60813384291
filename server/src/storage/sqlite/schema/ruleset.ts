import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ObjectKind } from '../../object-store.ts';
import { environments } from './projects.ts';

/** The present wire state of every environment, kept by the one door. */
export const rulesetObjects = sqliteTable(
  'ruleset_objects',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    kind: text('kind').$type<ObjectKind>().notNull(),
    key: text('key').notNull(),
    h: text('h').notNull(),
    def: text('def').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.kind, t.key] })],
);

export const rulesetLog = sqliteTable(
  'ruleset_log',
  {
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    version: integer('version').notNull(),
    digest: text('digest').notNull(),
    put: text('put').notNull(),
    remove: text('remove').notNull(),
    changeId: text('change_id').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);

export const rulesetBases = sqliteTable('ruleset_bases', {
  environmentId: text('environment_id')
    .primaryKey()
    .references(() => environments.id),
  version: integer('version').notNull(),
  state: text('state').notNull(),
});
