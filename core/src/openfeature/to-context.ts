import type { Context, ContextValue } from '../model/context.ts';

/** An OpenFeature evaluation context, as far as both of its SDKs agree. */
export interface EvaluationContext {
  readonly targetingKey?: string;
  readonly [attribute: string]: ContextValue;
}

/**
 * The context as Dimmer sees it: the same object. OpenFeature's contexts are a subset of ours (dates stay dates), may
 * be frozen, and are merged by its SDK, so there is nothing to copy. Anything but an object counts as empty.
 */
export function toContext(context: EvaluationContext | undefined): Context {
  return typeof context === 'object' && context !== null ? context : {};
}
