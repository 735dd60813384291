import type { EffectObject } from '@dimmer/core/api';
import { canonicalJson } from './etag.ts';
import type { Draft } from './draft.ts';

/** Records one effect for each member of `after` that differs from `before`; whether any does. */
export function recordFields<T extends object>(draft: Draft, object: EffectObject, before: T, after: T): boolean {
  const old = new Map<string, unknown>(Object.entries(before));
  let changed = false;
  for (const [field, value] of Object.entries(after)) {
    const was = old.get(field);
    if (sameJson(was, value)) continue;
    changed = true;
    draft.effects.push({ object, action: 'update', field, before: was, after: value });
  }
  return changed;
}

/** Whether two JSON values are the same, whatever the order of members. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return canonicalJson(a) === canonicalJson(b);
}
