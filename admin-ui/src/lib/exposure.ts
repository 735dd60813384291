import type { MatrixCell, Settings, SettingsView } from '@dimmer/core/api';
import type { Rule } from '@dimmer/core/model';

/** The rule that holds the audience of a rollout; the server keeps it first. */
export const AUDIENCE_RULE = 'audience';
/** The segment every project is born with. */
export const DOGFOOD = 'dogfood';

/** How far a flag is open in one environment; the rungs of the ladder, and what is beside it. */
export type State = 'off' | 'none' | 'dogfood' | 'audience' | 'rules' | 'partial' | 'on' | 'custom';

export function stateOf(cell: MatrixCell): State {
  if (!cell.enabled) return 'off';
  if (cell.percent === null) return 'custom';
  if (cell.percent >= 100) return 'on';
  if (cell.percent > 0) return 'partial';
  if (cell.audience.length === 1 && cell.audience[0] === DOGFOOD) return 'dogfood';
  if (cell.audience.length > 0) return 'audience';
  return cell.rules > 0 ? 'rules' : 'none';
}

export function cellOf(settings: Pick<SettingsView, 'enabled' | 'rules' | 'rollout'>): MatrixCell {
  return {
    enabled: settings.enabled,
    percent: settings.rollout?.percent ?? null,
    audience: settings.rollout?.audience ?? [],
    rules: ownRules(settings.rules).length,
  };
}

/** The rules a person wrote: all but the audience's. */
export function ownRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.id !== AUDIENCE_RULE);
}

export type Direction = 'raise' | 'lower' | 'keep';

type Exposure = Pick<Settings, 'enabled' | 'off' | 'rules' | 'default'> & Pick<SettingsView, 'rollout'>;

/**
 * Whether a change lets more users see something, as far as can be told here; what cannot be told counts as raising.
 * Only a forecast for the dialog: the server decides.
 */
export function directionOf(before: Exposure, after: Exposure): Direction {
  if (!after.enabled) return before.enabled ? 'lower' : 'keep';
  if (!before.enabled) return 'raise';
  if (!same(ownRules(before.rules), ownRules(after.rules)) || before.off !== after.off) return 'raise';
  return rolloutDirection(before, after);
}

function rolloutDirection(before: Exposure, after: Exposure): Direction {
  if (before.rollout === null || after.rollout === null) return same(before.default, after.default) ? 'keep' : 'raise';
  const [from, to] = [before.rollout, after.rollout];
  if (from.variant !== to.variant || from.otherwise !== to.otherwise || !same(from.by, to.by)) return 'raise';
  return cellDirection(cellOf(before), cellOf(after));
}

/** The same from what the list knows, for changes that touch no rule. */
export function cellDirection(before: MatrixCell, after: MatrixCell): Direction {
  if (!after.enabled) return before.enabled ? 'lower' : 'keep';
  if (!before.enabled) return 'raise';
  const [from, to] = [before.percent ?? 0, after.percent ?? 0];
  if (to > from || after.audience.some((key) => !before.audience.includes(key))) return 'raise';
  return to < from || after.audience.length < before.audience.length ? 'lower' : 'keep';
}

/** Structural equality of JSON values; an absent member is the same as an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
