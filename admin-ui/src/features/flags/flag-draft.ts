import type { CreateFlag, FlagKind } from '@dimmer/core/api';
import { trusted } from '../../lib/trusted.ts';
import { KEY_PATTERN, type FlagType, type Json, type Variant } from '@dimmer/core/model';

/** What the form of a new flag holds: texts, as typed. */
export interface FlagDraft {
  readonly key: string;
  readonly description: string;
  readonly type: FlagType;
  readonly kind: FlagKind;
  readonly tags: string;
  readonly owner: string;
  readonly clientVisible: boolean;
  /** Switch it on in the first stage once it is made. */
  readonly onInFirst: boolean;
  /** Of flags that are not on or off. */
  readonly variants: readonly VariantDraft[];
  readonly off: string;
  /** Null until somebody chooses: the first variant. */
  readonly default: string | null;
}

export interface VariantDraft {
  readonly key: string;
  readonly value: string;
}

export const emptyDraft: FlagDraft = {
  key: '',
  description: '',
  type: 'boolean',
  kind: 'release',
  tags: '',
  owner: '',
  clientVisible: false,
  onInFirst: false,
  variants: [
    { key: 'a', value: '' },
    { key: 'b', value: '' },
  ],
  off: '',
  default: null,
};

/** The request that makes this flag; null while something in it is not valid. */
export function toRequest(draft: FlagDraft): CreateFlag | null {
  const common: CreateFlag = {
    key: draft.key.trim(),
    kind: draft.kind,
    type: draft.type,
    clientVisible: draft.clientVisible,
    tags: listOf(draft.tags),
    ...(draft.description.trim() !== '' && { description: draft.description.trim() }),
    ...(draft.owner.trim() !== '' && { owner: draft.owner.trim() }),
  };
  if (draft.type === 'boolean') return common;
  const variants = variantsOf(draft);
  if (variants === null) return null;
  return { ...common, variants, off: orNull(draft.off, variants), default: orNull(defaultOf(draft), variants) };
}

/** The variant that is served while the flag is on; empty for the default in the code. */
export function defaultOf(draft: Pick<FlagDraft, 'default' | 'variants'>): string {
  return draft.default ?? draft.variants[0]?.key ?? '';
}

/** A variant under another name, and whatever names it along with it. */
export function withVariant(draft: FlagDraft, index: number, changed: VariantDraft): FlagDraft {
  const before = draft.variants[index]?.key;
  const follow = <V extends string | null>(chosen: V): V | string =>
    chosen !== '' && chosen === before ? changed.key : chosen;
  return {
    ...draft,
    variants: draft.variants.map((known, at) => (at === index ? changed : known)),
    off: follow(draft.off),
    default: follow(draft.default),
  };
}

/** A variant's value as typed, in the flag's type; undefined when it is none. */
export function parseValue(type: FlagType, text: string): Json | undefined {
  if (type === 'string') return text;
  try {
    const value = trusted<Json>(JSON.parse(text));
    if (type === 'number') return typeof value === 'number' ? value : undefined;
    if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function variantsOf({ type, variants }: FlagDraft): Record<string, Variant> | null {
  const entries: [string, Variant][] = [];
  for (const { key, value } of variants) {
    const parsed = parseValue(type, value);
    if (parsed === undefined || !KEY_PATTERN.test(key) || entries.some(([known]) => known === key)) return null;
    entries.push([key, { value: parsed }]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function orNull(variant: string, variants: Record<string, Variant>): string | null {
  return variant in variants ? variant : null;
}

/** Words with commas or spaces between them, each once. */
export function listOf(text: string): readonly string[] {
  return [...new Set(text.split(/[,\uFF0C\s]+/).filter(Boolean))];
}
