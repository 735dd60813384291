import type { Settings } from '@dimmer/core/api';
import type { Condition, Rule } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import { AUDIENCE_RULE, audienceOf } from './rollout.ts';

/** A rollout was done as asked, and yet people may not see what was meant. */
export function warnOfRollout(draft: Draft, settings: Settings, environment: EnvironmentRow): void {
  if (!settings.enabled) {
    const message = `The flag is not enabled in ${environment.key}: everybody gets its off variant.`;
    draft.warnings.push({ code: 'NOT_ENABLED', message });
  }
  const rules = settings.rules.filter((rule) => !(rule.id === AUDIENCE_RULE && audienceOf(rule))).map(({ id }) => id);
  if (rules.length > 0) {
    const message = 'These rules decide before the percentage does.';
    draft.warnings.push({ code: 'RULES_FIRST', message, rules });
  }
}

/** A rule is for segments that hold nobody here: it reaches no one until they do. */
export async function warnOfEmptyAudience(
  { tx, warnings }: Draft,
  rules: readonly Rule[],
  environment: EnvironmentRow,
): Promise<void> {
  const named = new Set(rules.flatMap((rule) => audienceOf(rule) ?? []));
  const segments: string[] = [];
  for (const segment of named) {
    const settings = await tx.segments.settings(environment.id, segment);
    if (settings && holdsNobody(settings.condition)) segments.push(segment);
  }
  if (segments.length === 0) return;
  const names = segments.map((segment) => `"${segment}"`).join(', ');
  const holds = segments.length === 1 ? `The segment ${names} holds` : `The segments ${names} hold`;
  const message = `${holds} nobody in ${environment.key}: say there whom to include.`;
  warnings.push({ code: 'AUDIENCE_EMPTY', message, segments });
}

/** As every new segment is. */
function holdsNobody(condition: Condition): boolean {
  return 'any' in condition && condition.any.length === 0;
}
