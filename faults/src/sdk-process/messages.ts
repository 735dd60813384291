import type { Status } from '@dimmer/sdk-node';

/** How an SDK in a process of its own is made. */
export interface LoneSdk {
  readonly url: string;
  readonly key: string;
  readonly cacheDir?: string;
  /** End by SIGKILL when a change has been swapped in, before anything more is done with it. */
  readonly dieAtChange?: boolean;
}

/** What it is told. */
export type ToLoneSdk =
  | { readonly kind: 'open'; readonly sdk: LoneSdk }
  /** Let nothing else run for so long, as an application that computes does. */
  | { readonly kind: 'block'; readonly ms: number }
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | { readonly kind: 'status'; readonly flag: string };

/** What it tells. */
export type FromLoneSdk =
  | { readonly kind: 'change'; readonly version: number }
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'log'; readonly level: string; readonly message: string }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'status'; readonly status: Status; readonly enabled: boolean };
