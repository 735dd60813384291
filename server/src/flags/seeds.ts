import { isRecord } from '@dimmer/core/model';
import type { Rule, Serve } from '@dimmer/core/model';
import type { RandomBytes } from '../changes/secrets.ts';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Eight ASCII letters and digits that the splits of one flag in one environment hash with. */
export function newSeed(random: RandomBytes): string {
  return Array.from(random(8), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

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
