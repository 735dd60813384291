import type { Context } from '../model/context.ts';
import type { Result } from '../evaluation/result.ts';
import type { Trace } from '../evaluation/trace.ts';

/** Body of `POST …/environments/{env}/evaluate`. */
export interface EvaluateRequest {
  readonly context: Context;
  /** Default: all flags. */
  readonly flags?: readonly string[];
}

/** Its answer; `trace` with `?explain=true`. */
export interface EvaluateAnswer {
  readonly version: number;
  readonly results: Readonly<Record<string, Result & { readonly trace?: Trace }>>;
}
