import type { Warning } from '@dimmer/core/api';
import type { Principal } from '../policy/principal.ts';
import type { Intent } from './intent.ts';

/** Most characters of a comment. */
export const MAX_COMMENT = 2000;

/** A change set somebody asks for. */
export interface CommitRequest {
  readonly principal: Principal;
  /** Key of the project; null for changes of the installation (projects, people, tokens). */
  readonly project: string | null;
  readonly intents: readonly Intent[];
  readonly comment?: string | undefined;
  /** Typed confirmation: key of the protected environment whose exposure it raises (several: joined with commas). */
  readonly confirm?: string | undefined;
  /** The `If-Match` header, compared with the ETag of the object that the first intent writes. */
  readonly ifMatch?: string | undefined;
  readonly idempotency?: { readonly key: string; readonly bodyHash: string } | undefined;
  /** Archive though still evaluated; revert though changed since. */
  readonly force?: boolean | undefined;
  /** Makes the answer that is stored for replays, inside the transaction. It must not contain a secret. */
  readonly respond?: ((result: CommitResult) => { readonly status: number; readonly body: unknown }) | undefined;
}

/** What came of it. */
export interface CommitResult {
  /** Null when everything was so already and nothing was written. */
  readonly changeId: string | null;
  /** The new version by environment key. */
  readonly versions: Readonly<Record<string, number>>;
  /** Of the object written, when it was one and still exists. */
  readonly etag?: string;
  readonly warnings: readonly Warning[];
  /** What was made; the secret is told here and never again. */
  readonly created?: { readonly id: string; readonly secret?: string };
  /** The stored answer of the first time: nothing was done now. */
  readonly replay?: { readonly status: number; readonly body: unknown };
  /** For waiting on receipts. */
  readonly published: readonly {
    readonly environmentId: string;
    readonly environment: string;
    readonly version: number;
  }[];
}

/**
 * The one door: whatever changes what an SDK sees, or who may do what, is committed here, by people, scripts and
 * the server alike. One transaction holds permission, preconditions, invariants, state, history, audit and versions;
 * a `Refusal` means that nothing at all was stored.
 */
export interface Committer {
  commit(request: CommitRequest): Promise<CommitResult>;
}
