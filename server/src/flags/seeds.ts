import { isRecord } from '@dimmer/core/model';
import type { Rule, Serve } from '@dimmer/core/model';

/**
 * Writes the settings' seed into a split that names none, so that renaming or copying a flag moves nobody. Comes
 * before everything is checked: what is no split is left as it is.
 */
export function withSeed(serve: Serve, seed: string): Serve {
  if (typeof serve !== 'object' || serve === null || !isRecord(serve.bucket)) return serve;
  const { bucket } = serve;
  // Foreign hashes have their own meaning of an absent seed.
  if (bucket.seed !== undefined || (bucket.hash ?? 'murmur3') !== 'murmur3') return serve;
  return { ...serve, bucket: { ...bucket, seed } };
}

/** The same for every rule. */
export function withSeeds(rules: readonly Rule[], seed: string): readonly Rule[] {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule: Rule) => (isRecord(rule) ? { ...rule, serve: withSeed(rule.serve, seed) } : rule));
}
