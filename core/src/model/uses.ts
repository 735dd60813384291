import { type ConditionShape, conditionShape } from './condition-shape.ts';
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

/** A variant of another flag that a condition asks for, and where. */
export interface AskedVariant {
  readonly path: string;
  readonly flag: string;
  readonly name: string;
}

/** The variants of other flags that the conditions of a flag's settings or of a segment ask for. */
export function variantsAskedFor(
  definition: CheckedSettings & { readonly condition?: unknown },
  path = '',
): readonly AskedVariant[] {
  const conditions: (readonly [unknown, string])[] = [[definition.condition, `${path}/condition`]];
  for (const [index, rule] of entriesOf(definition.rules)) {
    if (isRecord(rule)) conditions.push([rule['if'], `${path}/rules/${index}/if`]);
  }
  return conditions.flatMap(([condition, at]) =>
    [...leavesOf(condition, at)].flatMap((leaf) =>
      leaf.shape.kind === 'flag'
        ? [...leaf.shape.is.entries()].map(([index, name]) => ({
            path: `${leaf.at}/is/${index}`,
            flag: leaf.shape.key,
            name,
          }))
        : [],
    ),
  );
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
  for (const { shape, at } of leavesOf(condition, path)) {
    if (shape.kind === used.kind && shape.key === used.key) places.push(at);
    if (shape.kind === 'flag' && used.kind === 'variant' && shape.key === used.flag && shape.is.includes(used.name)) {
      places.push(`${at}/is`);
    }
  }
}

type Leaf = Extract<ConditionShape, { readonly kind: 'segment' | 'flag' }>;

/** The conditions on segments and flags in a condition, with their paths. */
function* leavesOf(condition: unknown, path: string): Generator<{ readonly shape: Leaf; readonly at: string }> {
  if (condition === undefined) return;
  const shape = conditionShape(condition);
  if (shape.kind === 'all' || shape.kind === 'any') {
    for (const [index, part] of shape.parts.entries()) yield* leavesOf(part, `${path}/${shape.kind}/${index}`);
  } else if (shape.kind === 'not') yield* leavesOf(shape.part, `${path}/not`);
  else if (shape.kind === 'test' && shape.comparison.operator === 'elem') {
    yield* leavesOf(shape.comparison.condition, `${path}/elem`);
  } else if (shape.kind === 'segment' || shape.kind === 'flag') yield { shape, at: path };
}

function entriesOf(list: unknown): Iterable<[number, unknown]> {
  return Array.isArray(list) ? list.entries() : [];
}
