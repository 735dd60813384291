import type { IncomingMessage } from 'node:http';
import type { KeyIdentity } from '../auth/key-identity.ts';
import type { KeyRevoked } from '../changes/change-feed.ts';
import type { Log } from '../log.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Clock } from './clock.ts';
import type { HubLimits } from './limits.ts';
import type { ReceiptStore } from './receipts.ts';
import type { UsageBook } from './usage-book.ts';

/** Where the hub keeps what outlives a version. */
export interface HubRecords {
  readonly receipts: ReceiptStore;
  readonly usage: UsageBook;
  /**
   * Ids of the environments that were made before a time, in epoch milliseconds, and had instances in the day before
   * it, as far as is known.
   */
  environmentsInUse(time: number): Promise<ReadonlySet<string>>;
}

/** What the hub needs of the rest of the server. */
export interface HubDeps {
  readonly source: RulesetSource;
  /** Null for a key that is unknown, malformed or expired. */
  readonly authenticateKey: (secret: string) => Promise<KeyIdentity | null>;
  readonly onKeyRevoked: (listener: (event: Pick<KeyRevoked, 'keyId' | 'expiresAt'>) => void) => () => void;
  readonly records: HubRecords;
  readonly log: Log;
  /** Address of a client, behind trusted proxies too. Default: of the socket. */
  readonly addressOf?: (request: IncomingMessage) => string;
  readonly clock?: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** Replaces single limits. */
  readonly limits?: Partial<HubLimits>;
}
