import type { ChangeView } from './change.ts';
import type { MatrixRow } from './flag.ts';
import type { Receipts } from './receipts.ts';

/** What the admin UI's feed (`WS /api/v1/live?project=KEY`) sends. */
export type LiveMessage =
  | {
      readonly type: 'hello';
      readonly versions: Readonly<Record<string, number>>;
      readonly instances: Readonly<Record<string, number>>;
    }
  /** A change was committed; `rows` are the flags it touched as they now are, `removed` those archived. */
  | {
      readonly type: 'change';
      readonly change: ChangeView;
      readonly rows: readonly MatrixRow[];
      readonly removed: readonly string[];
    }
  /** Receipts of a version that is spreading: at the start, as they come (throttled), when complete or late. */
  | { readonly type: 'receipts'; readonly environment: string; readonly version: number; readonly receipts: Receipts }
  /** Connected instances by environment key, throttled. */
  | { readonly type: 'instances'; readonly instances: Readonly<Record<string, number>> }
  /** Something the UI shows from a list changed: it asks again. */
  | { readonly type: 'stale'; readonly what: 'keys' | 'environments' | 'segments' | 'usage' }
  | { readonly type: 'heartbeat' };
