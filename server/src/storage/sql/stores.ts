import type { Tx } from '../storage.ts';
import { createKeyStore, createSessionStore, createTokenStore, createUserStore } from './access.ts';
import { createAuditStore } from './audit.ts';
import { createChangeStore } from './changes.ts';
import type { Db, Tables } from './db.ts';
import type { Dialect } from './dialect.ts';
import { createEnvironmentStore } from './environments.ts';
import { createFlagStore } from './flags.ts';
import { createIdempotencyStore } from './idempotency.ts';
import { createLogStore } from './log.ts';
import { createMetaStore } from './meta.ts';
import { createObjectStore } from './objects.ts';
import { createProjectStore } from './projects.ts';
import { createReceiptsStore } from './receipts.ts';
import { createSegmentStore } from './segments.ts';
import { createUsageStore } from './usage.ts';

/** Every store of one connection. */
export type Stores = Omit<Tx, 'onCommit' | 'announce'>;

/** The stores over one connection, whose statements they keep prepared. */
export function createStores(db: Db, tables: Tables, dialect: Dialect): Stores {
  return {
    meta: createMetaStore(db, tables),
    projects: createProjectStore(db, tables),
    environments: createEnvironmentStore(db, tables),
    flags: createFlagStore(db, tables),
    segments: createSegmentStore(db, tables),
    changes: createChangeStore(db, tables, dialect),
    log: createLogStore(db, tables),
    objects: createObjectStore(db, tables, dialect),
    audit: createAuditStore(db, tables),
    keys: createKeyStore(db, tables),
    tokens: createTokenStore(db, tables),
    users: createUserStore(db, tables),
    sessions: createSessionStore(db, tables),
    idempotency: createIdempotencyStore(db, tables),
    usage: createUsageStore(db, tables, dialect),
    receipts: createReceiptsStore(db, tables),
  };
}
