/**
 * The tables. Times are epoch milliseconds; JSON is text, never a database's own JSON type, so that every database
 * keeps the same bytes. Nothing of the history is ever updated; projects and environments are only marked deleted.
 */
import type { Actor, Effect, FlagKind, Role } from '@dimmer/core/api';
import type { Condition, FlagType, Meta, Rule, Variant } from '@dimmer/core/model';
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ObjectKind } from '../object-store.ts';

export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

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

export const sdkKeys = sqliteTable(
  'sdk_keys',
  {
    id: text('id').primaryKey(),
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    kind: text('kind').$type<'server' | 'client'>().notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull().unique(),
    hint: text('hint').notNull(),
    origins: text('origins', { mode: 'json' }).$type<readonly string[]>(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    expiresAt: integer('expires_at'),
  },
  (t) => [index('sdk_keys_environment').on(t.environmentId)],
);

export const apiTokens = sqliteTable('api_tokens', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  hash: text('hash').notNull().unique(),
  hint: text('hint').notNull(),
  createdAt: integer('created_at').notNull(),
  lastUsedAt: integer('last_used_at'),
  expiresAt: integer('expires_at'),
});

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  email: text('email').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  role: text('role').$type<Role>().notNull(),
  createdAt: integer('created_at').notNull(),
});

export const sessions = sqliteTable(
  'sessions',
  {
    hash: text('hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: integer('created_at').notNull(),
    seenAt: integer('seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

export const idempotency = sqliteTable(
  'idempotency',
  {
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    status: integer('status').notNull(),
    body: text('body').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_at').on(t.at)],
);

export const usageHours = sqliteTable(
  'usage_hours',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    hour: integer('hour').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag, t.hour] }), index('usage_hours_hour').on(t.hour)],
);

export const usageLast = sqliteTable(
  'usage_last',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);

export const usageUnknown = sqliteTable(
  'usage_unknown',
  {
    environmentId: text('environment_id').notNull(),
    key: text('key').notNull(),
    count: integer('count').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.key] })],
);

export const receipts = sqliteTable(
  'receipts',
  {
    environmentId: text('environment_id').notNull(),
    version: integer('version').notNull(),
    summary: text('summary').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);
