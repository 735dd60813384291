import type { InstanceView, Receipts, UsageView } from '@dimmer/core/api';
import type { ClientSyncRequest, SpreadCount, Usage } from '@dimmer/core/protocol';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KeyIdentity } from '../auth/key-identity.ts';
import type { Drainable } from '../service.ts';
import type { Verdict } from './admission.ts';
import type { EventStreams } from './event-streams.ts';
import type { OtherServers } from './other-servers.ts';
import type { Presence } from './peers.ts';
import type { Progress } from './receipts.ts';
import type { Target } from './spread.ts';
import type { HubStats } from './stats.ts';

/** Everything that SDKs are connected to. */
export interface Hub extends Drainable {
  /** Takes the upgrade requests of `/sdk/v1/stream` and `/client/v1/stream`; false for all others, which it leaves alone. */
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): boolean;
  readonly receipts: {
    of(environmentId: string, version: number): Promise<Receipts>;
    /** Resolves when all of them have spread or the time is over. */
    wait(targets: readonly Target[], timeoutMs: number): Promise<Omit<Receipts, 'state'>>;
    /** Receipts of a version still being counted, without asking the database. */
    live(target: Target): Receipts | undefined;
    /** The same as numbers that add up, for an upstream; at most some of those late are named. */
    count(target: Target): SpreadCount | undefined;
    onProgress(listener: (progress: Progress) => void): () => void;
  };
  /** Connected instances and those gone for less than an hour, the present ones first. */
  instances(environmentId: string): Promise<readonly InstanceView[]>;
  /** Number of instances present, by environment id. */
  counts(): Record<string, number>;
  /** The same of one environment, with those that poll apart. */
  presence(environmentId: string): Presence;
  /** Whether a request over plain HTTP may be answered now, by the rate of its key. */
  admitRequest(keyId: string): Verdict;
  /** For whoever keeps it together with other servers on the same database. */
  readonly servers: OtherServers;
  readonly sync: Sync;
  readonly usage: {
    /** False when this message was counted before. */
    take(environmentId: string, instanceId: string, usage: Usage): boolean;
    view(environmentId: string): Promise<UsageView>;
  };
  readonly events: EventStreams;
  readonly stats: HubStats;
}

/** Who polls: its key, and what its headers say. */
export interface SyncCaller {
  readonly key: KeyIdentity;
  readonly address: string;
  readonly origin?: string | undefined;
  /** Values of the headers `Dimmer-Instance`, `Dimmer-Sdk` and `Dimmer-App-Version`. */
  readonly instanceId?: string | undefined;
  readonly sdk?: string | undefined;
  readonly appVersion?: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** The JSON text of a `SyncAnswer`, or nothing newer. */
export type SyncResult = { readonly status: 200; readonly body: Buffer } | { readonly status: 304 };

/**
 * The streams' answers for clients that poll. Both throw `Refusal`: 403 for the wrong kind of key or origin, 503 when
 * too many are waiting or the database cannot be asked.
 */
export interface Sync {
  /** `GET /sdk/v1/sync`; `wait` in seconds, cut to 25. */
  server(
    caller: SyncCaller,
    request: { readonly cursor?: string | undefined; readonly wait?: number | undefined },
  ): Promise<SyncResult>;
  /** `POST /client/v1/sync`. */
  client(caller: SyncCaller, request: ClientSyncRequest): Promise<SyncResult>;
}
