import type { Condition, Scalar, Test } from '@dimmer/core/model';

/** Comparisons the form offers. Each is one shape of a test; everything else is edited as JSON. */
export const OPERATORS = [
  'is',
  'isNot',
  'isNumber',
  'isTrue',
  'isFalse',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'exists',
  'missing',
  'lt',
  'lte',
  'gt',
  'gte',
  'before',
  'after',
  'versionLt',
  'versionGte',
  'cidr',
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface TestItem {
  readonly kind: 'test';
  readonly attr: string;
  readonly operator: Operator;
  /** As typed; several values with commas between them. */
  readonly value: string;
}

export interface SegmentItem {
  readonly kind: 'segment';
  readonly segment: string;
  readonly inside: boolean;
}

export type Item = TestItem | SegmentItem;

/** The common case of a condition: all or any of simple tests. */
export interface ConditionForm {
  readonly mode: 'all' | 'any';
  readonly items: readonly Item[];
}

export const emptyTest: TestItem = { kind: 'test', attr: '', operator: 'is', value: '' };

const UNARY: ReadonlySet<Operator> = new Set(['isTrue', 'isFalse', 'exists', 'missing']);
const LISTS: ReadonlySet<Operator> = new Set(['is', 'isNot', 'isNumber', 'startsWith', 'endsWith', 'contains', 'cidr']);

export function takesValue(operator: Operator): boolean {
  return !UNARY.has(operator);
}

export function takesList(operator: Operator): boolean {
  return LISTS.has(operator);
}

/** The condition as a form; null when it is more than the form can show. */
export function toForm(condition: Condition): ConditionForm | null {
  if ('all' in condition || 'any' in condition) {
    const mode = 'all' in condition ? 'all' : 'any';
    const parts = 'all' in condition ? condition.all : condition.any;
    const items = parts.map(toItem);
    return items.every((item) => item !== null) ? { mode, items } : null;
  }
  const item = toItem(condition);
  return item === null ? null : { mode: 'all', items: [item] };
}

/** The condition a form stands for; null while something in it is missing or not valid. */
export function fromForm({ mode, items }: ConditionForm): Condition | null {
  const parts = items.map(fromItem);
  const valid = parts.filter((part) => part !== null);
  if (valid.length === 0 || valid.length < parts.length) return null;
  const [only] = valid;
  if (valid.length === 1 && only !== undefined) return only;
  return mode === 'all' ? { all: valid } : { any: valid };
}

function toItem(condition: Condition): Item | null {
  if ('segment' in condition) return { kind: 'segment', segment: condition.segment, inside: true };
  if ('not' in condition) {
    const { not } = condition;
    if ('segment' in not) return { kind: 'segment', segment: not.segment, inside: false };
    const item = 'attr' in not ? toTest(not) : null;
    return item?.operator === 'is' ? { ...item, operator: 'isNot' } : null;
  }
  return 'attr' in condition ? toTest(condition) : null;
}

function toTest(test: Test): TestItem | null {
  const item = (operator: Operator, value = ''): TestItem => ({ kind: 'test', attr: test.attr, operator, value });
  if (test.as === 'date') return toBound(test, { lt: 'before', gt: 'after' }, 'string', item);
  if (test.as === 'semver') return toBound(test, { lt: 'versionLt', gte: 'versionGte' }, 'string', item);
  if (test.as !== undefined) return null;
  if ('exists' in test) return item(test.exists ? 'exists' : 'missing');
  if ('in' in test) return toIn(test.in, item);
  if ('matches' in test) return item('matches', test.matches);
  if ('startsWith' in test) return toList('startsWith', test.startsWith, item);
  if ('endsWith' in test) return toList('endsWith', test.endsWith, item);
  if ('contains' in test) return toList('contains', test.contains, item);
  if ('cidr' in test) return toList('cidr', test.cidr, item);
  return toBound(test, { lt: 'lt', lte: 'lte', gt: 'gt', gte: 'gte' }, 'number', item);
}

type MakeItem = (operator: Operator, value?: string) => TestItem;

function toIn(entries: readonly Scalar[], item: MakeItem): TestItem | null {
  const [first] = entries;
  if (entries.length === 1 && typeof first === 'boolean') return item(first ? 'isTrue' : 'isFalse');
  if (entries.every((entry) => typeof entry === 'number') && entries.length > 0)
    return item('isNumber', entries.join(', '));
  return entries.every((entry) => typeof entry === 'string') ? toList('is', entries, item) : null;
}

function toList(operator: Operator, entries: readonly string[], item: MakeItem): TestItem | null {
  // What holds a comma, or is cut by trimming, cannot be told apart again.
  const plain = entries.every((entry) => entry !== '' && entry === entry.trim() && !/[,\uFF0C\n]/.test(entry));
  return plain ? item(operator, entries.join(', ')) : null;
}

function toBound(
  test: Test,
  operators: Readonly<Partial<Record<Bound, Operator>>>,
  type: 'string' | 'number',
  item: MakeItem,
): TestItem | null {
  const bounds: Readonly<Record<string, unknown>> = { ...test };
  for (const name of BOUNDS) {
    const [bound, operator] = [bounds[name], operators[name]];
    if (typeof bound === type && operator !== undefined) return item(operator, String(bound));
  }
  return null;
}

type Bound = 'lt' | 'lte' | 'gt' | 'gte';

const BOUNDS: readonly Bound[] = ['lt', 'lte', 'gt', 'gte'];

function fromItem(item: Item): Condition | null {
  if (item.kind === 'segment') {
    if (item.segment === '') return null;
    return item.inside ? { segment: item.segment } : { not: { segment: item.segment } };
  }
  return item.attr.trim() === '' ? null : fromTest({ ...item, attr: item.attr.trim() });
}

function fromTest({ attr, operator, value }: TestItem): Condition | null {
  const entries = value
    .split(/[,\uFF0C\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (takesValue(operator) && entries.length === 0) return null;
  return MAKERS[operator](attr, value.trim(), entries);
}

type Maker = (attr: string, text: string, entries: readonly string[]) => Condition | null;

const numeric =
  (make: (attr: string, bound: number) => Condition): Maker =>
  (attr, text) =>
    isNumeric(text) ? make(attr, Number(text)) : null;

const MAKERS: Readonly<Record<Operator, Maker>> = {
  is: (attr, _, entries) => ({ attr, in: entries }),
  isNot: (attr, _, entries) => ({ not: { attr, in: entries } }),
  isNumber: (attr, _, entries) => (entries.every(isNumeric) ? { attr, in: entries.map(Number) } : null),
  isTrue: (attr) => ({ attr, in: [true] }),
  isFalse: (attr) => ({ attr, in: [false] }),
  exists: (attr) => ({ attr, exists: true }),
  missing: (attr) => ({ attr, exists: false }),
  startsWith: (attr, _, entries) => ({ attr, startsWith: entries }),
  endsWith: (attr, _, entries) => ({ attr, endsWith: entries }),
  contains: (attr, _, entries) => ({ attr, contains: entries }),
  cidr: (attr, _, entries) => ({ attr, cidr: entries }),
  matches: (attr, text) => ({ attr, matches: text }),
  lt: numeric((attr, lt) => ({ attr, lt })),
  lte: numeric((attr, lte) => ({ attr, lte })),
  gt: numeric((attr, gt) => ({ attr, gt })),
  gte: numeric((attr, gte) => ({ attr, gte })),
  before: (attr, text) => ({ attr, as: 'date', lt: text }),
  after: (attr, text) => ({ attr, as: 'date', gt: text }),
  versionLt: (attr, text) => ({ attr, as: 'semver', lt: text }),
  versionGte: (attr, text) => ({ attr, as: 'semver', gte: text }),
};

function isNumeric(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}
