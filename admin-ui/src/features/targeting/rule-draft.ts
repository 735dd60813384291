import type { Condition, Rule, Serve, Split } from '@dimmer/core/model';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import { reweigh } from '@dimmer/core/evaluation';
import { randomId } from '../../lib/random-id.ts';
import { armShares } from '../../lib/sentences.ts';

/** A condition that nobody has filled in yet. It is never applied. */
export const UNFINISHED: Condition = { all: [] };

export function newRule(variant: string | undefined): Rule {
  return { id: `rule-${randomId(6)}`, if: UNFINISHED, serve: variant ?? null };
}

/** A rule may be applied when its condition says something; one without a condition only if it was stored so. */
export function isComplete(rule: Rule): boolean {
  return rule.if === undefined || JSON.stringify(rule.if) !== JSON.stringify(UNFINISHED);
}

export function move<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return items;
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

export function isSplit(serve: Serve): serve is Split {
  return typeof serve === 'object' && serve !== null;
}

/** Percent of each variant, those without an arm included. */
export function weightsOf(split: Split, variants: readonly string[]): Readonly<Record<string, number>> {
  const weights: Record<string, number> = Object.fromEntries(variants.map((variant) => [variant, 0]));
  for (const { serve, percent } of armShares(split)) {
    if (typeof serve === 'string') weights[serve] = Math.round(((weights[serve] ?? 0) + percent) * 1000) / 1000;
  }
  return weights;
}

/** A new split in equal parts, with a seed of its own: splits of different rules are independent. */
export function newSplit(variants: readonly string[]): Split {
  const seed = randomId(8);
  const weights = variants.map((serve) => ({ serve, weight: 1 }));
  return { bucket: { by: 'targetingKey', seed }, arms: reweigh([], weights) };
}

/** The split with other weights, moving as few users as possible; null while the weights do not add up to 100 %. */
export function withWeights(split: Split, weights: Readonly<Record<string, number>>): Split | null {
  if (Math.abs(sumOf(weights) - 100) > 0.0005) return null;
  const wanted = Object.entries(weights).map(([serve, weight]) => ({ serve, weight }));
  return { ...split, arms: reweigh(split.arms, wanted, split.bucket.of ?? DEFAULT_AXIS) };
}

export function sumOf(weights: Readonly<Record<string, number>>): number {
  return Math.round(Object.values(weights).reduce((sum, weight) => sum + weight, 0) * 1000) / 1000;
}
