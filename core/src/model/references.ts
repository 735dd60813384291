import type { Flag } from './flag.ts';
import type { Segment } from './ruleset.ts';
import { isRecord } from './shape.ts';

/** What a flag or segment names in its conditions, directly. */
export interface References {
  readonly flags: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
  /** Attributes of the context that it reads, as written, `$now` among them; not those read of an element. */
  readonly attributes: ReadonlySet<string>;
}

/** Who refers to whom: only those that refer to something need be in it. */
export interface ReferenceGraph {
  readonly flags: ReadonlyMap<string, References>;
  readonly segments: ReadonlyMap<string, References>;
}

/** Keys of flags and segments. */
export interface Keys {
  readonly flags: Iterable<string>;
  readonly segments: Iterable<string>;
}

/** The direct references of a flag or segment; malformed parts refer to nothing. */
export function references(definition: Flag | Segment): References {
  const found = { flags: new Set<string>(), segments: new Set<string>(), attributes: new Set<string>() };
  const of: unknown = definition;
  if (!isRecord(of)) return found;
  visitCondition(of['condition'], found);
  for (const rule of Array.isArray(of['rules']) ? of['rules'] : []) {
    if (!isRecord(rule)) continue;
    visitCondition(rule['if'], found);
    visitServe(rule['serve'], found);
  }
  visitServe(of['default'], found);
  return found;
}

/**
 * The flags and segments among `changed` and all that refer to them, directly or through others: what a change
 * can make come out differently. Keys that do not exist (any more) are followed like all others.
 */
export function dependants(changed: Keys, graph: ReferenceGraph): { flags: Set<string>; segments: Set<string> } {
  const reached = { flags: new Set(changed.flags), segments: new Set(changed.segments) };
  let before = -1;
  // Each round goes one reference further; rounds end when nothing is added.
  while (reached.flags.size + reached.segments.size !== before) {
    before = reached.flags.size + reached.segments.size;
    for (const [key, refs] of graph.segments) if (touches(refs, reached)) reached.segments.add(key);
    for (const [key, refs] of graph.flags) if (touches(refs, reached)) reached.flags.add(key);
  }
  return reached;
}

/** The graph after some definitions were put or removed; the same object when that changes nothing. */
export function updateGraph(
  graph: ReferenceGraph,
  put: { readonly flags?: Iterable<[string, Flag]>; readonly segments?: Iterable<[string, Segment]> },
  remove: Partial<Keys> = {},
): ReferenceGraph {
  return {
    flags: updated(graph.flags, put.flags ?? [], remove.flags ?? []),
    segments: updated(graph.segments, put.segments ?? [], remove.segments ?? []),
  };
}

/** The graph of nothing. */
export const NO_REFERENCES: ReferenceGraph = { flags: new Map(), segments: new Map() };

interface Found {
  readonly flags: Set<string>;
  readonly segments: Set<string>;
  readonly attributes: Set<string>;
}

function updated(
  map: ReadonlyMap<string, References>,
  put: Iterable<[string, Flag | Segment]>,
  remove: Iterable<string>,
): ReadonlyMap<string, References> {
  let next: Map<string, References> | undefined;
  for (const [key, definition] of put) {
    const refs = references(definition);
    if (refs.flags.size + refs.segments.size > 0) (next ??= new Map(map)).set(key, refs);
    else if (map.has(key)) (next ??= new Map(map)).delete(key);
  }
  for (const key of remove) if ((next ?? map).has(key)) (next ??= new Map(map)).delete(key);
  return next ?? map;
}

function touches(refs: References, reached: { flags: Set<string>; segments: Set<string> }): boolean {
  for (const key of refs.flags) if (reached.flags.has(key)) return true;
  for (const key of refs.segments) if (reached.segments.has(key)) return true;
  return false;
}

function visitServe(serve: unknown, found: Found): void {
  if (isRecord(serve)) visitBucket(serve['bucket'], found);
}

function visitBucket(bucket: unknown, found: Found): void {
  const by: unknown = isRecord(bucket) ? bucket['by'] : undefined;
  for (const attr of Array.isArray(by) ? by : [by]) if (typeof attr === 'string') found.attributes.add(attr);
}

/** A list in place of recursion: how deep somebody nests must not decide whether the process survives. */
function visitCondition(root: unknown, found: Found): void {
  const left: [condition: unknown, attributes: Set<string>][] = [[root, found.attributes]];
  for (const [condition, attributes] of left) {
    if (!isRecord(condition)) continue;
    for (const list of [condition['all'], condition['any'], [condition['not']]]) {
      if (Array.isArray(list)) for (const member of list) left.push([member, attributes]);
    }
    visitBucket(condition['bucket'], { ...found, attributes });
    if (typeof condition['segment'] === 'string') found.segments.add(condition['segment']);
    if (typeof condition['flag'] === 'string') found.flags.add(condition['flag']);
    if (typeof condition['attr'] === 'string') attributes.add(condition['attr']);
    // Inside, names are of the element; flags and segments are still those of the ruleset.
    if ('elem' in condition) left.push([condition['elem'], new Set()]);
  }
}
