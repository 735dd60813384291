import { createAddressOf, type AddressOf } from '../auth/client-address.ts';
import { createKeyAuthenticator, type KeyAuthenticator } from '../auth/key-authenticator.ts';
import { createKeyList, type KeyList } from '../auth/key-list.ts';
import { createChangeFeed, type ChangeFeed } from '../changes/change-feed.ts';
import type { Committer } from '../changes/committer.ts';
import type { Config } from '../config.ts';
import { initialise } from '../environments/first-start.ts';
import { createHub } from '../hub/create-hub.ts';
import { createDatabaseRecords } from '../hub/database-records.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubLimits } from '../hub/limits.ts';
import type { Log } from '../log.ts';
import type { Replicas } from '../replicas/replicas.ts';
import type { RulesetCache } from '../ruleset/ruleset-cache.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { createLazyCommitter } from './lazy-committer.ts';
import { openSource } from './open-source.ts';
import { readServerVersion } from './server-version.ts';

/** What stands between the database and the SDKs. */
export interface SdkCore {
  readonly storage: Storage;
  readonly feed: ChangeFeed;
  readonly committer: Committer;
  readonly source: RulesetCache;
  readonly keys: KeyAuthenticator;
  readonly keyList: KeyList;
  readonly hub: Hub;
  readonly addressOf: AddressOf;
  readonly serverSecret: string;
}

/** What ends a part; the last begun is the first to end. */
export type Ends = (() => Promise<void> | void)[];

/** How it is opened. */
export interface SdkCoreOptions {
  readonly log: Log;
  readonly now: () => number;
  readonly hubLimits: Partial<HubLimits>;
}

/**
 * Opens the database and starts what SDKs need. `ends` grows with each part, so that a failure can be undone; all but
 * the hub, which whoever listens for it ends first.
 */
export async function openSdkCore(config: Config, options: SdkCoreOptions, ends: Ends): Promise<SdkCore> {
  const { log, now, hubLimits } = options;
  const storage = await openStorage(config.databaseUrl, { log });
  ends.push(() => storage.close());
  const feed = createChangeFeed((error) => log.error({ error }, 'a listener of changes failed'));
  const committer = createLazyCommitter(storage, feed, now);
  const { epoch, serverSecret } = await initialise(storage, committer);
  const onError = (error: unknown): void => log.error({ error }, 'a listener of versions failed');
  const source = await openSource({ storage, feed, epoch, onError }, log);
  ends.push(() => source.stop());
  const keys = createKeyAuthenticator({ storage, feed, log, now });
  await keys.run();
  ends.push(() => keys.stop());
  const keyList = createKeyList(storage, feed, now);
  const addressOf = createAddressOf(config.trustedProxies);
  const replicas = await openReplicas(storage, source, log);
  const records = createDatabaseRecords(storage, now);
  const hub = createHub({
    source,
    records: { ...records, receipts: replicas?.summaries(records.receipts) ?? records.receipts },
    log,
    addressOf,
    authenticateKey: keys.authenticateKey,
    onKeyRevoked: feed.onKeyRevoked,
    limits: hubLimits,
  });
  await hub.run();
  // The others are to know of this server before it has clients.
  await replicas?.run(hub);
  const instances: Hub['instances'] = (id) => replicas?.instances(id) ?? hub.instances(id);
  // What SDKs have counted is stored at the end, if it can be: a server that ends waits for no database.
  const stop = async (): Promise<void> => {
    await replicas?.stop();
    await hub.stop().catch((error: unknown) => log.warn({ error }, 'usage and receipts not stored'));
  };
  return { storage, feed, committer, source, keys, keyList, hub: { ...hub, instances, stop }, addressOf, serverSecret };
}

/** Loaded only where there may be other servers. */
async function openReplicas(storage: Storage, source: RulesetCache, log: Log): Promise<Replicas | undefined> {
  if (storage.replicas === undefined) return undefined;
  const { createReplicas } = await import('../replicas/replicas.ts');
  return createReplicas({ board: storage.replicas, source, version: readServerVersion(), log });
}
