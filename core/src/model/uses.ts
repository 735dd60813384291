import { conditionShape } from './condition-shape.ts';
import { isRecord } from './shape.ts';
import type { CheckedSettings } from './check-settings.ts';

/** What may be in use. */
export type Used =
  | { readonly kind: 'segment'; readonly key: string }
  | { readonly kind: 'flag'; readonly key: string }
  /** A variant that another flag's conditions ask for. */
  | { readonly kind: 'variant'; readonly flag: string; readonly name: string };

/** Where a flag's settings or a segment name something, as JSON Pointers from `path`. */
export function usesIn(
  definition: CheckedSettings & { readonly condition?: unknown },
  used: Used,
  path = '',
): string[] {
  const places: string[] = [];
  visit(definition.condition, used, `${path}/condition`, places);
  for (const [index, rule] of entriesOf(definition.rules)) {
    if (isRecord(rule)) visit(rule['if'], used, `${path}/rules/${index}/if`, places);
  }
  return places;
}

/** Where a flag's own settings serve one of its variants, as JSON Pointers from `path`. */
export function servesOf(settings: CheckedSettings, variant: string, path = ''): string[] {
  const places: string[] = [];
  if (settings.off === variant) places.push(`${path}/off`);
  for (const [index, rule] of entriesOf(settings.rules)) {
    if (isRecord(rule)) visitServe(rule['serve'], variant, `${path}/rules/${index}/serve`, places);
  }
  visitServe(settings.default, variant, `${path}/default`, places);
  return places;
}

function visitServe(serve: unknown, variant: string, path: string, places: string[]): void {
  if (serve === variant) places.push(path);
  if (!isRecord(serve)) return;
  for (const [index, arm] of entriesOf(serve['arms'])) {
    if (isRecord(arm) && arm['serve'] === variant) places.push(`${path}/arms/${index}/serve`);
  }
}

function visit(condition: unknown, used: Used, path: string, places: string[]): void {
  if (condition === undefined) return;
  const shape = conditionShape(condition);
  if (shape.kind === 'all' || shape.kind === 'any') {
    for (const [index, part] of shape.parts.entries()) visit(part, used, `${path}/${shape.kind}/${index}`, places);
  } else if (shape.kind === 'not') visit(shape.part, used, `${path}/not`, places);
  else if (shape.kind === 'test' && shape.comparison.operator === 'elem') {
    visit(shape.comparison.condition, used, `${path}/elem`, places);
  } else if (shape.kind === 'segment' || shape.kind === 'flag') {
    if (shape.kind === used.kind && shape.key === used.key) places.push(path);
    if (shape.kind === 'flag' && used.kind === 'variant' && shape.key === used.flag && shape.is.includes(used.name)) {
      places.push(`${path}/is`);
    }
  }
}

function entriesOf(list: unknown): Iterable<[number, unknown]> {
  return Array.isArray(list) ? list.entries() : [];
}
