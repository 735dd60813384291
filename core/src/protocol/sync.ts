import type { Context } from '../model/context.ts';
import type { RulesetDelta } from './delta.ts';
import type { RulesetSnapshot, ValueSnapshot } from './snapshot.ts';
import type { Parameters } from './welcome.ts';

/** Answer of `GET /sdk/v1/sync` and, with values, of `POST /client/v1/sync`; 304 when nothing is newer. */
export interface SyncAnswer<M = RulesetSnapshot | RulesetDelta | ValueSnapshot> {
  readonly welcome: Parameters;
  readonly message: M;
}

/** Body of `POST /client/v1/sync`; the client key is in the Authorization header. */
export interface ClientSyncRequest {
  readonly context: Context;
  readonly contextGeneration: number;
  readonly cursor?: string;
  /** Seconds to wait for something newer, 0 to 25. */
  readonly wait?: number;
}

/** Request headers that make polling clients countable. */
export const SYNC_HEADERS = {
  instance: 'Dimmer-Instance',
  sdk: 'Dimmer-Sdk',
  appVersion: 'Dimmer-App-Version',
} as const;
