import type { SegmentView } from '@dimmer/core/api';
import type { Condition } from '@dimmer/core/model';

/** Whether it can be seen that a condition never holds: what a segment is before somebody is put into it. */
function holdsNobody(condition: Condition): boolean {
  if ('any' in condition) return condition.any.every(holdsNobody);
  if ('all' in condition) return condition.all.some(holdsNobody);
  return 'in' in condition && condition.in.length === 0;
}

/** Number of members by id, if a segment is nothing but a list of ids; null for any other. */
export function memberCount(condition: Condition): number | null {
  if (holdsNobody(condition)) return 0;
  return 'attr' in condition && condition.attr === 'targetingKey' && 'in' in condition && condition.as === undefined
    ? condition.in.length
    : null;
}

/** Those of the segments that hold nobody in an environment; an unknown one is not among them. */
export function emptyAmong(
  keys: readonly string[],
  segments: readonly SegmentView[] | undefined,
  environment: string,
): readonly string[] {
  return keys.filter((key) => {
    const settings = segments?.find((segment) => segment.key === key)?.settings[environment];
    return settings !== undefined && holdsNobody(settings.condition);
  });
}
