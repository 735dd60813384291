import { isNumber, isRecord } from '../model/shape.ts';
import type { Arm, Flag, Serve, Split } from '../model/flag.ts';
import type { Meta } from '../model/json.ts';
import type { Root } from './attribute.ts';
import { type CompiledBucket, compileBucket } from './bucket.ts';
import { Failure, unreadable } from './failure.ts';
import { type Outcome, toFailed, toOutcome } from './outcome.ts';
import { Rollout } from './rollout.ts';
import type { Reason } from './result.ts';
import type { Scope } from './scope.ts';

/** What a rule or a default serves: one outcome for everybody, or a split. */
export type CompiledServe = { readonly kind: 'plain'; readonly outcome: Outcome } | CompiledSplit;

/** A split, compiled. */
interface CompiledSplit {
  readonly kind: 'split';
  /** The outcome of the arm the root falls into; undefined when the split yields nothing for it. */
  readonly serve: (root: Root) => Outcome | undefined;
  /** The same for most roots, when it is as simple as a gradual rollout. */
  readonly rollout: Rollout | undefined;
  readonly bucket: CompiledBucket;
  /** The arm a position falls into, undefined beyond the last; and what it serves, undefined when nothing. */
  readonly armAt: (position: number) => { readonly arm: Arm; readonly outcome: Outcome | undefined } | undefined;
}

/** Where a serve stands: which rule it belongs to, and the reason a plain variant gets. */
export interface Standing {
  /** Key of the flag. */
  readonly key: string;
  readonly rule?: string;
  readonly metadata: readonly (Meta | undefined)[];
  readonly reason: Reason;
}

/** Compiles what a rule or a default serves; throws a failure when it is malformed. */
export function compileServe(serve: Serve, flag: Flag, standing: Standing, scope: Scope): CompiledServe {
  if (typeof serve === 'string' || serve === null || serve === undefined) {
    return { kind: 'plain', outcome: serveVariant(serve ?? null, flag, standing) };
  }
  if (isRecord(serve) && isRecord(serve.bucket) && Array.isArray(serve.arms)) {
    return compileSplit(serve, flag, standing, scope);
  }
  throw unreadable('what is served is a variant, null, or a split of "bucket" and "arms"');
}

/** The outcome of serving one variant, or the caller's default. A variant that does not exist fails when it is reached. */
export function serveVariant(name: string | null, flag: Flag, standing: Standing): Outcome {
  const { key, rule, metadata, reason } = standing;
  const of = rule === undefined ? { key } : { key, rule };
  if (name === null) {
    return toOutcome({ reason: reason === 'DISABLED' ? reason : 'DEFAULT', ...of, metadata });
  }
  if (typeof name !== 'string') throw unreadable('what is served is the name of a variant, or null');
  const variant = Object.hasOwn(flag.variants, name) ? flag.variants[name] : undefined;
  if (variant === undefined) {
    return toFailed(new Failure('GENERAL', `there is no variant "${name}"`), { ...of, metadata });
  }
  if (!isRecord(variant) || variant.value === undefined) throw unreadable(`the variant "${name}" has no value`);
  return toOutcome({
    value: variant.value,
    variant: name,
    reason,
    ...of,
    metadata: [...metadata, variant.metadata],
  });
}

function compileSplit({ bucket, arms }: Split, flag: Flag, standing: Standing, scope: Scope): CompiledSplit {
  const compiled = compileBucket(bucket, scope);
  const { position, hash } = compiled;
  const thresholds = new Float64Array(arms.length);
  const outcomes: (Outcome | undefined)[] = [];
  for (const [index, arm] of arms.entries()) {
    if (!isRecord(arm) || !isNumber(arm.upTo)) throw unreadable('an arm has a number "upTo"');
    thresholds[index] = hash.threshold(arm.upTo);
    outcomes.push(outcomeOf(arm, flag, standing));
  }
  const count = thresholds.length;
  return {
    kind: 'split',
    rollout: toRollout(compiled, thresholds, outcomes),
    bucket: compiled,
    serve: (root) => {
      const at = position(root);
      if (at === undefined) return undefined;
      for (let index = 0; index < count; index += 1) {
        const end = thresholds[index];
        if (end !== undefined && at < end) return outcomes[index];
      }
      return undefined;
    },
    armAt: (at) => {
      const index = thresholds.findIndex((end) => at < end);
      const arm = arms[index];
      return arm === undefined ? undefined : { arm, outcome: outcomes[index] };
    },
  };
}

function toRollout(
  { native, hash }: CompiledBucket,
  thresholds: Float64Array,
  outcomes: readonly (Outcome | undefined)[],
): Rollout | undefined {
  const [cut, end] = thresholds;
  if (native === undefined || thresholds.length !== 2 || cut === undefined || end === undefined) return undefined;
  // Only where the second arm takes all the rest, and the cut is no larger than a position can be.
  const past = hash.threshold(Number.POSITIVE_INFINITY);
  return end >= past && cut < past ? new Rollout(native, cut, outcomes[0], outcomes[1]) : undefined;
}

function outcomeOf(arm: Arm, flag: Flag, standing: Standing): Outcome | undefined {
  if (arm.serve === undefined) return undefined;
  const metadata = [...standing.metadata, arm.metadata];
  return serveVariant(arm.serve, flag, { ...standing, metadata, reason: 'SPLIT' });
}
