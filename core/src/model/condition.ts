import type { Bucket } from './bucket.ts';
import type { Scalar } from './json.ts';

/**
 * Names a place in the context. `"email"` is a top-level key (any characters), `"/org/plan"` a JSON Pointer,
 * `""` the whole value (inside `elem`: the element), `"$now"` the time of evaluation in epoch milliseconds.
 */
export type Attr = string;

/** A conversion applied to an attribute before it is tested. */
export type Cast = 'string' | 'lower' | 'number' | 'bool' | 'date' | 'semver' | 'version' | 'size' | 'type' | 'json';

/** A test on the context, composable. An empty `all` holds, an empty `any` does not. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: string }
  | { readonly flag: string; readonly is: readonly string[] }
  | { readonly bucket: Bucket; readonly from?: number; readonly to: number }
  | Test;

/** One attribute, optionally cast, against one predicate. */
export type Test = { readonly attr: Attr; readonly as?: Cast } & Predicate;

/** The comparison a test makes. All but `exists: false` are false on a missing attribute. */
export type Predicate =
  | { readonly exists: boolean }
  | { readonly in: readonly Scalar[] }
  | { readonly lt: Scalar }
  | { readonly lte: Scalar }
  | { readonly gt: Scalar }
  | { readonly gte: Scalar }
  | { readonly startsWith: readonly string[] }
  | { readonly endsWith: readonly string[] }
  | { readonly contains: readonly string[] }
  | { readonly matches: string }
  | { readonly cidr: readonly string[] }
  | { readonly mod: readonly [divisor: number, remainder: number] }
  | { readonly elem: Condition };
