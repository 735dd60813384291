import type { Rule } from '@dimmer/core/model';
import { AUDIENCE_RULE } from '../../lib/exposure.ts';

/** Segments that get a rollout before everybody else. */
export function audienceOf(rules: readonly Rule[]): readonly string[] {
  const condition = rules.find(({ id }) => id === AUDIENCE_RULE)?.if;
  if (condition === undefined) return [];
  const parts = 'any' in condition ? condition.any : [condition];
  return parts.flatMap((part) => ('segment' in part ? [part.segment] : []));
}
