import type { Entries, ValueEntry } from './entry.ts';

/**
 * The values of one context, put into a page by the server that renders it. A browser starts from it when its context
 * is the same, and resumes from the cursor, so that no value travels a second time.
 */
export interface Bootstrap {
  /** Version of this shape. */
  readonly v: 1;
  /** Key of the environment. */
  readonly environment: string;
  /** What to resume from: epoch, version, and the digest of these values. */
  readonly cursor: string;
  /** Version of the ruleset that the values are of. */
  readonly version: number;
  /** Sum over all entries, 16 hex digits. */
  readonly digest: string;
  /** `contextHash` of the context. */
  readonly contextHash: string;
  /** Of the flags that browsers may see. */
  readonly values: Entries<ValueEntry>;
}
