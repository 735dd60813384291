import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import type { Condition, Flag, Rule, Segment, Serve } from '@dimmer/core/model';

/**
 * Whether somebody may get something after a change that they did not get before, other than the flag's `off`
 * variant. Errs towards yes: whoever sits in front of a protected environment is asked once too often rather than
 * once too rarely. Switching off, lowering a percentage, and taking people out of an audience never raise exposure.
 */
export function raisesExposure(before: Flag | undefined, after: Flag | undefined): boolean {
  if (!after) return false;
  if (!before) return after.enabled;
  if (after.clientVisible === true && before.clientVisible !== true) return true;
  if (!after.enabled) return servesOtherOff(before, after);
  if (!before.enabled) return true;
  // What is the way off is looked at when it is changed, not when somebody takes it in a hurry.
  if ((before.off ?? null) !== (after.off ?? null)) return true;
  return someValueDiffers(before, after) || raisesServes(before, after);
}

/** Whether a change of a segment that something refers to may show somebody something. */
export function raisesSegmentExposure(before: Segment | undefined, after: Segment | undefined, used: boolean): boolean {
  if (!used || !after || !before) return false;
  return !isDeepStrictEqual(before.condition, after.condition);
}

/** Disabled, everybody gets `off`: that must be what they got, or be the way off. */
function servesOtherOff(before: Flag, after: Flag): boolean {
  const name = after.off ?? null;
  if (name !== (before.off ?? null)) return true;
  return name !== null && !isDeepStrictEqual(before.variants[name]?.value, after.variants[name]?.value);
}

function someValueDiffers(before: Flag, after: Flag): boolean {
  return Object.entries(after.variants).some(([name, variant]) => {
    const old = Object.hasOwn(before.variants, name) ? before.variants[name] : undefined;
    return old !== undefined && !isDeepStrictEqual(old.value, variant.value);
  });
}

function raisesServes(before: Flag, after: Flag): boolean {
  const quiet = after.off ?? null;
  if (movesPositions(before.default ?? null, after.default ?? null, quiet)) return true;
  return raisesRules(before.rules ?? [], after, quiet);
}

/** Rules may only become fewer, and only where those who lose one land on what it served or on `off`. */
function raisesRules(before: readonly Rule[], after: Flag, quiet: string | null): boolean {
  const kept = after.rules ?? [];
  const lost = new Set<string>();
  let next = 0;
  for (const rule of before) {
    const candidate = kept[next];
    if (candidate && isDeepStrictEqual({ ...rule, name: '' }, { ...candidate, name: '' })) {
      next++;
      continue;
    }
    if (typeof rule.serve !== 'string' || rule.serve === quiet) return true;
    lost.add(rule.serve);
    if (candidate && isFewer(rule, candidate)) next++;
  }
  if (next < kept.length) return true;
  if (lost.size === 0) return false;
  const landing = [...kept.map((rule) => rule.serve), after.default ?? null].flatMap(variantsOf);
  return lost.size > 1 || landing.some((variant) => variant !== quiet && !lost.has(variant ?? ''));
}

/** The same rule for fewer segments. */
function isFewer(before: Rule, after: Rule): boolean {
  const old = segmentsOf(before.if);
  const now = segmentsOf(after.if);
  return (
    before.id === after.id &&
    before.serve === after.serve &&
    old !== undefined &&
    now !== undefined &&
    now.every((segment) => old.includes(segment))
  );
}

function segmentsOf(condition: Condition | undefined): string[] | undefined {
  if (!condition) return undefined;
  if ('segment' in condition) return [condition.segment];
  if (!('any' in condition)) return undefined;
  const names = condition.any.map((member) => ('segment' in member ? member.segment : undefined));
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** Whether some position of the axis gets something else than before that is not `quiet`. */
function movesPositions(before: Serve, after: Serve, quiet: string | null): boolean {
  if (isSplit(before) && isSplit(after) && !isDeepStrictEqual(before.bucket, after.bucket)) return true;
  const cuts = [...cutsOf(before), ...cutsOf(after)];
  if (cuts.length === 0) cuts.push(0);
  return cuts.some((cut) => {
    const now = servedBelow(after, cut);
    return now !== quiet && now !== servedBelow(before, cut);
  });
}

function isSplit(serve: Serve): serve is Exclude<Serve, string | null> {
  return typeof serve === 'object' && serve !== null;
}

function cutsOf(serve: Serve): number[] {
  return isSplit(serve) ? [...serve.arms.map((arm) => arm.upTo), serve.bucket.of ?? DEFAULT_AXIS] : [];
}

/** What positions just below a cut get. */
function servedBelow(serve: Serve, cut: number): string | null {
  if (!isSplit(serve)) return serve;
  return serve.arms.find((arm) => cut <= arm.upTo)?.serve ?? null;
}

function variantsOf(serve: Serve): (string | null)[] {
  return isSplit(serve) ? serve.arms.map((arm) => arm.serve ?? null) : [serve];
}
