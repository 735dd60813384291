import type { Condition } from '@dimmer/core/model';

/** A segment as people think of it: some by id, and whoever matches a condition. */
export interface Membership {
  /** Targeting keys. */
  readonly ids: readonly string[];
  readonly condition: Condition | null;
}

const ATTRIBUTE = 'targetingKey';

export function toMembership(condition: Condition): Membership {
  const parts = 'any' in condition ? condition.any : [condition];
  const at = parts.findIndex(isIdList);
  const list = parts[at];
  const rest = parts.filter((_, index) => index !== at);
  return { ids: list === undefined ? [] : idsOf(list), condition: merged(rest) };
}

export function fromMembership({ ids, condition }: Membership): Condition {
  const rest = condition === null ? [] : 'any' in condition ? condition.any : [condition];
  const parts = ids.length === 0 ? rest : [{ attr: ATTRIBUTE, in: ids }, ...rest];
  const [only] = parts;
  // An empty `any` holds nobody; one list alone needs no `any` around it.
  return parts.length === 1 && only !== undefined ? only : { any: parts };
}

/** Ids out of what somebody typed or pasted, each once, in order. */
export function parseIds(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .split(/[,;\uFF0C\uFF1B\n\t]+/)
        .map((id) => id.trim())
        .filter((id) => id !== ''),
    ),
  ];
}

function merged(parts: readonly Condition[]): Condition | null {
  const [only] = parts;
  if (only === undefined) return null;
  return parts.length === 1 ? only : { any: parts };
}

function isIdList(condition: Condition): boolean {
  return (
    'attr' in condition &&
    condition.attr === ATTRIBUTE &&
    condition.as === undefined &&
    'in' in condition &&
    condition.in.every((id) => typeof id === 'string')
  );
}

function idsOf(condition: Condition): readonly string[] {
  return 'attr' in condition && 'in' in condition ? condition.in.map(String) : [];
}
