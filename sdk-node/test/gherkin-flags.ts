import type { Condition, Flag, FlagType, Json, Meta, Ruleset } from '@dimmer/core/model';

/** A flag as the specification's `test-flags.json` has it. */
interface SpecFlag {
  readonly disabled?: boolean;
  readonly variants: Readonly<Record<string, Json>>;
  readonly defaultVariant?: string | null;
  readonly flagMetadata?: Meta | null;
  readonly contextEvaluator?: string;
}

const isBallmer: Condition = { attr: 'email', in: ['ballmer@macrosoft.com'] };

/** The expressions of the file, which are few, as conditions, and what each serves where it holds. */
const EVALUATORS: ReadonlyMap<string, { readonly if: Condition; readonly serve: string }> = new Map([
  ["email == 'ballmer@macrosoft.com' ? 'zero' : ''", { if: isBallmer, serve: 'zero' }],
  [
    "!customer && email == 'ballmer@macrosoft.com' && age > 10 ? 'internal' : ''",
    { if: { all: [{ not: { attr: 'customer', in: [true] } }, isBallmer, { attr: 'age', gt: 10 }] }, serve: 'internal' },
  ],
]);

/** The specification's flags as a ruleset of ours. Throws when the file has an expression that is not translated here. */
export function toRuleset(text: string): Ruleset {
  const flags: Readonly<Record<string, SpecFlag>> = JSON.parse(text);
  return { flags: Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, toFlag(flag)])), segments: {} };
}

function toFlag({ disabled, variants, defaultVariant, flagMetadata, contextEvaluator }: SpecFlag): Flag {
  const rule = contextEvaluator === undefined ? undefined : EVALUATORS.get(contextEvaluator);
  if (contextEvaluator !== undefined && !rule) throw new Error(`Not translated: ${contextEvaluator}`);
  return {
    type: typeOf(Object.values(variants)[0] ?? null),
    variants: Object.fromEntries(Object.entries(variants).map(([name, value]) => [name, { value }])),
    enabled: disabled !== true,
    default: defaultVariant ?? null,
    ...(rule ? { rules: [{ id: 'evaluator', ...rule }] } : {}),
    ...(flagMetadata ? { metadata: flagMetadata } : {}),
  };
}

function typeOf(value: Json): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}
