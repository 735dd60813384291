/** The tables of the board, on which several servers tell each other who is there and what they have counted. */
import { boolean, index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { text, whole } from './columns.ts';

/** Servers that are there, by the database's clock. */
export const replicas = pgTable('replicas', {
  id: text('id').primaryKey(),
  startedAt: whole('started_at').notNull(),
  seenAt: whole('seen_at').notNull(),
  version: text('version').notNull(),
  beats: whole('beats').notNull(),
  presence: text('presence').notNull(),
});

/** What each server has counted of a version that is spreading. */
export const replicaSpreads = pgTable(
  'replica_spreads',
  {
    environmentId: text('environment_id').notNull(),
    version: whole('version').notNull(),
    replicaId: text('replica_id').notNull(),
    count: text('count').notNull(),
    toldAt: whole('told_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.environmentId, t.version, t.replicaId] }),
    index('replica_spreads_told_at').on(t.toldAt),
  ],
);

/** Who is connected to each server, or was within the hour. */
export const replicaInstances = pgTable(
  'replica_instances',
  {
    replicaId: text('replica_id')
      .notNull()
      .references(() => replicas.id, { onDelete: 'cascade' }),
    environmentId: text('environment_id').notNull(),
    instanceId: text('instance_id').notNull(),
    present: boolean('present').notNull(),
    view: text('view').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.replicaId, t.environmentId, t.instanceId] }),
    index('replica_instances_environment').on(t.environmentId),
    index('replica_instances_instance').on(t.instanceId),
  ],
);
