import type { Context } from '../model/context.ts';

/** A browser's new context; always answered by a snapshot of its generation. */
export interface ContextMessage {
  readonly type: 'context';
  readonly context: Context;
  readonly contextGeneration: number;
}
