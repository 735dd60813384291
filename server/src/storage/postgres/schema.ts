/**
 * The tables of SQLite with the same names and columns, and one more, `announcements`; those of the board are in a file of their own. JSON is text here too: the same bytes and digests on both databases.
 */
import type { Actor, Effect, FlagKind, Role } from '@dimmer/core/api';
import type { Condition, FlagType, Meta, Rule, Variant } from '@dimmer/core/model';
import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ObjectKind } from '../object-store.ts';
import { json, text, whole } from './columns.ts';

export const meta = pgTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

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

export const sdkKeys = pgTable(
  'sdk_keys',
  {
    id: text('id').primaryKey(),
    environmentId: text('environment_id')
      .notNull()
      .references(() => environments.id),
    kind: text<'server' | 'client'>('kind').notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull().unique(),
    hint: text('hint').notNull(),
    origins: json<readonly string[]>('origins'),
    createdAt: whole('created_at').notNull(),
    lastUsedAt: whole('last_used_at'),
    expiresAt: whole('expires_at'),
  },
  (t) => [index('sdk_keys_environment').on(t.environmentId)],
);

export const apiTokens = pgTable('api_tokens', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: text<Role>('role').notNull(),
  hash: text('hash').notNull().unique(),
  hint: text('hint').notNull(),
  createdAt: whole('created_at').notNull(),
  lastUsedAt: whole('last_used_at'),
  expiresAt: whole('expires_at'),
});

export const users = pgTable('users', {
  id: text('id').primaryKey(),
  email: text('email').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  role: text<Role>('role').notNull(),
  createdAt: whole('created_at').notNull(),
});

export const sessions = pgTable(
  'sessions',
  {
    hash: text('hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: whole('created_at').notNull(),
    seenAt: whole('seen_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

export const idempotency = pgTable(
  'idempotency',
  {
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    status: whole('status').notNull(),
    body: text('body').notNull(),
    at: whole('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_at').on(t.at)],
);

export const usageHours = pgTable(
  'usage_hours',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    hour: whole('hour').notNull(),
    count: whole('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag, t.hour] }), index('usage_hours_hour').on(t.hour)],
);

export const usageLast = pgTable(
  'usage_last',
  {
    environmentId: text('environment_id').notNull(),
    flag: text('flag').notNull(),
    lastAt: whole('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.flag] })],
);

export const usageUnknown = pgTable(
  'usage_unknown',
  {
    environmentId: text('environment_id').notNull(),
    key: text('key').notNull(),
    count: whole('count').notNull(),
    lastAt: whole('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.key] })],
);

export const receipts = pgTable(
  'receipts',
  {
    environmentId: text('environment_id').notNull(),
    version: whole('version').notNull(),
    summary: text('summary').notNull(),
    at: whole('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.version] })],
);

/** What the servers on this database tell each other, numbered without gaps in the order of commits. */
export const announcements = pgTable('announcements', {
  seq: whole('seq').primaryKey(),
  text: text('text').notNull(),
  at: whole('at').notNull(),
});
