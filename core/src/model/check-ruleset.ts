import type { FieldError } from './field-error.ts';
import { NO_REFERENCES, type Keys, type ReferenceGraph, updateGraph } from './references.ts';
import type { Ruleset } from './ruleset.ts';
import { step } from './shape.ts';

/** A flag or segment. */
export interface NodeName {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
}

/** Flags and segments that refer to each other in a circle, each to the next and the last to the first. */
export type Cycle = readonly NodeName[];

/**
 * The circles among those that refer to each other: one for each reference that closes one. `from` narrows the
 * search to circles that can be reached from some keys, such as the changed ones.
 */
export function findCycles(graph: ReferenceGraph, from?: Partial<Keys>): Cycle[] {
  const cycles: Cycle[] = [];
  const done = new Set<string>();
  const starts = from ?? { flags: graph.flags.keys(), segments: graph.segments.keys() };
  for (const key of starts.flags ?? []) search({ kind: 'flag', key }, graph, done, cycles);
  for (const key of starts.segments ?? []) search({ kind: 'segment', key }, graph, done, cycles);
  return cycles;
}

/** Checks what no single object shows: that no flag or segment refers, through others, to itself. */
export function checkRuleset(ruleset: Ruleset): FieldError[] {
  const graph = updateGraph(NO_REFERENCES, {
    flags: Object.entries(ruleset.flags),
    segments: Object.entries(ruleset.segments),
  });
  return findCycles(graph).map((cycle) => ({ path: pathOf(cycle[0]), message: cycleMessage(cycle) }));
}

/** Says a circle in words. */
export function cycleMessage(cycle: Cycle): string {
  const names = [...cycle, ...cycle.slice(0, 1)].map(({ kind, key }) => `${kind} "${key}"`);
  return `expected no circle, found one: ${names.join(' refers to ')}`;
}

function pathOf(node: NodeName | undefined): string {
  return node === undefined ? '' : `/${node.kind}s${step(node.key)}`;
}

interface Visit {
  readonly node: NodeName;
  readonly next: Iterator<NodeName>;
}

// With a stack of its own, because a chain of flags may be as long as a ruleset.
function search(start: NodeName, graph: ReferenceGraph, done: Set<string>, cycles: Cycle[]): void {
  if (done.has(idOf(start))) return;
  const trail: Visit[] = [];
  const onTrail = new Map<string, number>();
  const enter = (node: NodeName): void => {
    onTrail.set(idOf(node), trail.length);
    trail.push({ node, next: referred(node, graph).values() });
  };
  enter(start);
  for (let visit = trail.at(-1); visit !== undefined; visit = trail.at(-1)) {
    const { value: node, done: finished } = visit.next.next();
    if (finished === true) {
      done.add(idOf(visit.node));
      onTrail.delete(idOf(visit.node));
      trail.pop();
      continue;
    }
    const at = onTrail.get(idOf(node));
    if (at !== undefined) cycles.push(trail.slice(at).map((step) => step.node));
    else if (!done.has(idOf(node))) enter(node);
  }
}

function referred(node: NodeName, graph: ReferenceGraph): NodeName[] {
  const refs = (node.kind === 'flag' ? graph.flags : graph.segments).get(node.key);
  if (refs === undefined) return [];
  return [
    ...[...refs.flags].map((key) => ({ kind: 'flag' as const, key })),
    ...[...refs.segments].map((key) => ({ kind: 'segment' as const, key })),
  ];
}

function idOf({ kind, key }: NodeName): string {
  return `${kind} ${key}`;
}
