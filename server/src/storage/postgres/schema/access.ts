import type { Role } from '@dimmer/core/api';
import { index, pgTable } from 'drizzle-orm/pg-core';
import { json, text, whole } from '../columns.ts';
import { environments } from './projects.ts';

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
