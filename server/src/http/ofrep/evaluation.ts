import type { Evaluator, Result } from '@dimmer/core/evaluation';
import type { Context, Json, Meta, Ruleset } from '@dimmer/core/model';
import { visibleMetadata } from '@dimmer/core/protocol';
import type { KeyIdentity } from '../../auth/key-identity.ts';

/** A flag as OFREP answers it. Without `value` the code's default is meant. */
export interface OfrepSuccess {
  readonly key: string;
  readonly reason: string;
  readonly value?: Json;
  readonly variant?: string;
  readonly metadata?: Meta;
}

/** A flag, or everything, that could not be evaluated. */
export interface OfrepFailure {
  readonly key?: string;
  readonly errorCode: string;
  readonly errorDetails?: string;
}

/** Everything one key may ask of one version. */
export interface OfrepView {
  readonly evaluator: Evaluator;
  readonly ruleset: Ruleset;
  readonly kind: KeyIdentity['kind'];
}

/** One flag; to a client key, one that browsers may not see is not there at all. */
export function evaluateOne(
  view: OfrepView,
  key: string,
  context: Context,
): OfrepSuccess | (OfrepFailure & { readonly key: string }) {
  const flag = Object.hasOwn(view.ruleset.flags, key) ? view.ruleset.flags[key] : undefined;
  if (flag === undefined || !isVisible(view, key)) {
    return { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `There is no flag ${JSON.stringify(key)}.` };
  }
  const result = view.evaluator.evaluate(key, context);
  if (result.errorCode !== undefined) {
    return {
      key,
      errorCode: result.errorCode,
      ...(result.errorMessage !== undefined && { errorDetails: result.errorMessage }),
    };
  }
  const metadata = view.kind === 'client' ? visibleMetadata(flag, result.variant) : result.metadata;
  return toSuccess(key, result, metadata);
}

/** All that the key may see, in the order of keys: equal answers must be equal texts. */
export function evaluateAll(view: OfrepView, context: Context): readonly (OfrepSuccess | OfrepFailure)[] {
  const keys = Object.keys(view.ruleset.flags).filter((key) => isVisible(view, key));
  return keys.sort().map((key) => evaluateOne(view, key, context));
}

function isVisible({ kind, ruleset }: OfrepView, key: string): boolean {
  return kind === 'server' || ruleset.flags[key]?.clientVisible === true;
}

/** Null is not the absence of a value to a client, but a value of the wrong type: it is left out. */
function toSuccess(key: string, { value, variant, reason }: Result, metadata: Meta | undefined): OfrepSuccess {
  return {
    key,
    reason,
    ...(value !== undefined && value !== null && { value }),
    ...(variant !== undefined && { variant }),
    ...(metadata !== undefined && { metadata }),
  };
}
