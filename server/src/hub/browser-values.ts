import type { Result } from '@dimmer/core/evaluation';
import type { Context } from '@dimmer/core/model';
import { createDigestSum } from '@dimmer/core/protocol';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import { toWireValue } from './value-entry.ts';
import type { WireValue } from './value-entry.ts';
import { VisibleFlags } from './visible-flags.ts';
import type { VisibleMap } from './visible-flags.ts';

/** All values of one context. Shared by all sockets that have the same. */
export interface ValueSet {
  readonly values: ReadonlyMap<string, WireValue>;
  /** Sum of their `h`. */
  readonly digest: string;
}

/** What is different between two sets. */
export interface ValueChange {
  readonly put: ReadonlyMap<string, WireValue>;
  readonly remove: readonly string[];
}

/** Whose values: the context, and where its draws for `missing: 'random'` come from. */
export interface Subject {
  readonly context: Context;
  /** Stays the same for one context generation, so that a draw does. */
  readonly seed: number;
}

/** Evaluates one flag; draws come from `random`. */
export type EvaluateValue = (version: RulesetVersion, key: string, context: Context, random: () => number) => Result;

/** The same value is remembered for this many different readings of a flag's attributes, if they are short. */
const MAX_READINGS = 5_000;
/** In UTF-16 units: a context may have 64 KiB, and each flag that reads all of it would keep as many. */
const LONGEST_READING = 512;
/** Beyond so many sets sharing is begun afresh: sockets may have let go of most. */
const MAX_SETS = 10_000;

/**
 * The values of one environment's client-visible flags. Contexts that agree in what a flag reads share its
 * evaluation, and sockets that have the same values share one set of them.
 */
export class BrowserValues {
  readonly #visible = new VisibleFlags();
  readonly #evaluate: EvaluateValue;
  readonly #wires = new WeakMap<Result, { readonly key: string; readonly wire: WireValue }>();
  /** By digest. */
  readonly #sets = new Map<string, ValueSet>();
  readonly #touched = new WeakMap<RulesetVersion, readonly string[]>();
  #table: Table | undefined;

  constructor(evaluate: EvaluateValue) {
    this.#evaluate = evaluate;
  }

  /** All values of a subject. */
  all(version: RulesetVersion, subject: Subject): ValueSet {
    const table = this.#tableOf(version);
    const values = new Map<string, WireValue>();
    const digest = createDigestSum();
    for (const key of table.keys) {
      const value = this.#value(table, key, subject);
      values.set(key, value);
      digest.add(value.h);
    }
    return this.#intern(digest.hex(), () => values);
  }

  /** The set after the values of some flags were looked at again; the same object when they are the same. */
  again(version: RulesetVersion, before: ValueSet, keys: readonly string[], subject: Subject): ValueSet {
    const table = this.#tableOf(version);
    const changed = new Map<string, WireValue | undefined>();
    const digest = createDigestSum(before.digest);
    for (const key of keys) {
      const old = before.values.get(key);
      const value = table.flags.has(key) ? this.#value(table, key, subject) : undefined;
      if (old?.h === value?.h) continue;
      changed.set(key, value);
      if (old !== undefined) digest.subtract(old.h);
      if (value !== undefined) digest.add(value.h);
    }
    if (changed.size === 0) return before;
    return this.#intern(digest.hex(), () => replace(before.values, changed));
  }

  /** Learns what is visible at a version, to compare the next ones with. */
  prime(version: RulesetVersion): void {
    this.#visible.of(version);
  }

  /** Somebody has looked at values: what is visible is followed from version to version. */
  get isFollowed(): boolean {
    return this.#visible.isKnown;
  }

  /** The flags whose values a version may have changed: of those it changed, the ones visible now or before. */
  touched(version: RulesetVersion): readonly string[] {
    const known = this.#touched.get(version);
    if (known !== undefined) return known;
    const before = this.#visible.last;
    const now = this.#visible.of(version);
    const changed = version.step?.changedFlags ?? [...new Set([...now.keys(), ...before.keys()])];
    const touched = changed.filter((key) => now.has(key) || before.has(key));
    this.#touched.set(version, touched);
    return touched;
  }

  /** The flags whose values depend on the time. */
  timed(version: RulesetVersion): readonly string[] {
    const table = this.#tableOf(version);
    return table.keys.filter((key) => this.#reads(table, key) === undefined);
  }

  #tableOf(version: RulesetVersion): Table {
    if (this.#table?.version === version) return this.#table;
    const flags = this.#visible.of(version);
    this.#table = { version, flags, keys: [...flags.keys()].sort(), reads: new Map(), readings: new Map() };
    return this.#table;
  }

  #intern(digest: string, values: () => ReadonlyMap<string, WireValue>): ValueSet {
    const known = this.#sets.get(digest);
    if (known !== undefined) return known;
    if (this.#sets.size >= MAX_SETS) this.#sets.clear();
    const set: ValueSet = { values: values(), digest };
    this.#sets.set(digest, set);
    return set;
  }

  #value(table: Table, key: string, subject: Subject): WireValue {
    const reads = this.#reads(table, key);
    if (reads === undefined) return this.#fresh(table, key, subject).wire;
    let readings = table.readings.get(key);
    if (readings === undefined) table.readings.set(key, (readings = new Map()));
    const reading = readingOf(subject.context, reads);
    const known = readings.get(reading);
    if (known !== undefined) return known;
    const { wire, drawn } = this.#fresh(table, key, subject);
    const isKept = !drawn && reading.length <= LONGEST_READING && readings.size < MAX_READINGS;
    if (isKept) readings.set(reading, wire);
    return wire;
  }

  #fresh(table: Table, key: string, subject: Subject): { wire: WireValue; drawn: boolean } {
    const flag = table.flags.get(key);
    if (flag === undefined) throw new TypeError(`No visible flag "${key}"`);
    const draws = createDraws(subject.seed, key);
    const result = this.#evaluate(table.version, key, subject.context, draws.next);
    const known = this.#wires.get(result);
    if (known?.key === key) return { wire: known.wire, drawn: draws.count() > 0 };
    const wire = toWireValue(key, result, flag);
    this.#wires.set(result, { key, wire });
    return { wire, drawn: draws.count() > 0 };
  }

  /** What decides a flag; undefined when time does. */
  #reads(table: Table, key: string): readonly string[] | undefined {
    const known = table.reads.get(key);
    if (known !== undefined) return known ?? undefined;
    const attributes = table.version.evaluator().attributesOf(key);
    const reads = attributes.has('$now') ? null : [...attributes].sort();
    table.reads.set(key, reads);
    return reads ?? undefined;
  }
}

interface Table {
  readonly version: RulesetVersion;
  readonly flags: VisibleMap;
  readonly keys: readonly string[];
  readonly reads: Map<string, readonly string[] | null>;
  readonly readings: Map<string, Map<string, WireValue>>;
}

/** What is different in `after`. */
export function diff(before: ValueSet, after: ValueSet): ValueChange {
  const put = new Map<string, WireValue>();
  for (const [key, value] of after.values) if (before.values.get(key)?.h !== value.h) put.set(key, value);
  const remove = [...before.values.keys()].filter((key) => !after.values.has(key));
  return { put, remove };
}

function replace(
  values: ReadonlyMap<string, WireValue>,
  changed: ReadonlyMap<string, WireValue | undefined>,
): ReadonlyMap<string, WireValue> {
  const next = new Map(values);
  for (const [key, value] of changed) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

/** What a context has at these places, as one text: contexts with the same one are the same to a flag that reads no more. */
function readingOf(context: Context, attributes: readonly string[]): string {
  let reading = '';
  for (const attribute of attributes) {
    if (attribute === '') return JSON.stringify(context);
    // Of a pointer, the whole member it leads into: never too little, seldom too much.
    const name = attribute.startsWith('/') ? firstStep(attribute) : attribute;
    reading += `${Object.hasOwn(context, name) ? (JSON.stringify(context[name]) ?? '') : ''}\n`;
  }
  return reading;
}

function firstStep(pointer: string): string {
  const [, step = ''] = pointer.split('/');
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The same numbers for the same seed and flag each time it is evaluated. */
function createDraws(seed: number, key: string): { next: () => number; count: () => number } {
  let state: number | undefined;
  let count = 0;
  return {
    next() {
      state ??= mix(seed, key);
      count += 1;
      state = (state + 0x9e37_79b9) | 0;
      let bits = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
      bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97);
      return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
    },
    count: () => count,
  };
}

function mix(seed: number, key: string): number {
  let state = Math.floor(seed * 2 ** 32) | 0;
  for (let at = 0; at < key.length; at++) state = Math.imul(state ^ key.charCodeAt(at), 0x0100_0193);
  return state;
}
