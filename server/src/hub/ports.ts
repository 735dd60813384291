import type { IncomingMessage } from 'node:http';
import type { KeyIdentity } from '../auth/key-identity.ts';
import type { KeyRevoked } from '../changes/change-feed.ts';
import type { Log } from '../log.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';
import type { HubLimits } from './limits.ts';

/** What the hub needs of the rest of the server. */
export interface HubDeps {
  readonly source: RulesetSource;
  /** Null for a key that is unknown, malformed or expired. */
  readonly authenticateKey: (secret: string) => Promise<KeyIdentity | null>;
  readonly onKeyRevoked: (listener: (event: Pick<KeyRevoked, 'keyId' | 'expiresAt'>) => void) => () => void;
  readonly storage: Pick<Storage, 'transaction' | 'read'>;
  readonly log: Log;
  /** Address of a client, behind trusted proxies too. Default: of the socket. */
  readonly addressOf?: (request: IncomingMessage) => string;
  readonly clock?: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** Replaces single limits. */
  readonly limits?: Partial<HubLimits>;
}
