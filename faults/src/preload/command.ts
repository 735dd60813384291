import type { Failpoint } from './failpoints.ts';

/** What a process under test can be told. */
export type Command =
  | { readonly kind: 'arm'; readonly failpoint: Failpoint; readonly times?: number }
  /** Sets its wall clock ahead of the true one, or behind. */
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | { readonly kind: 'disk'; readonly full: boolean }
  /** Answered with `process.memoryUsage()`, after a collection when the process exposes one. */
  | { readonly kind: 'memory' };
