import { createRequire } from 'node:module';
import { createEvaluator, dependants, NO_REFERENCES, updateGraph } from '@dimmer/core/evaluation';
import type { DefinitionSource, Evaluator, Pattern, ReferenceGraph } from '@dimmer/core/evaluation';
import type { Flag, Segment } from '@dimmer/core/model';
import { RULESET_RULES } from '@dimmer/core/replica';
import type { Changed, HeldFlag, HeldSegment, RulesetTables } from '@dimmer/core/replica';

type Engine = typeof import('re2js');

const require = createRequire(import.meta.url);
let engine: Engine | undefined;

/** The ruleset being served, and its evaluator. */
export class HeldRuleset {
  #tables: RulesetTables = RULESET_RULES.empty;
  #evaluator: Evaluator = createEvaluator(toSource(this.#tables), { patterns: compilePattern });
  /** Who refers to whom; undefined until `prepare` or a change needs to know. */
  #graph: ReferenceGraph | undefined;

  /** Answers for what is held now. */
  get evaluator(): Evaluator {
    return this.#evaluator;
  }

  /**
   * Serves other tables, of which `changed` differ (absent: any may). Gives the keys of all flags that can come out
   * differently: changed themselves, or referring to something that is.
   */
  swap(tables: RulesetTables, changed?: Changed<'flags' | 'segments'>): readonly string[] {
    const before = this.#tables;
    this.#tables = tables;
    if (tables === before) return [];
    // From nothing, and to nothing, everything is affected, and nobody need know who refers to whom.
    const whole = !changed || before.flags.size === 0;
    if (whole) this.#graph = undefined;
    const affected = whole ? allKeys(before, tables) : this.#affected(changed, tables);
    this.#evaluator = this.#evaluator.next(toSource(tables), affected.flags, affected.segments);
    return [...affected.flags];
  }

  /**
   * Finds out who refers to whom, so that the first change need not wait for it. Takes milliseconds for a large
   * ruleset, once.
   */
  prepare(): void {
    const { flags, segments } = this.#tables;
    this.#graph ??= updateGraph(NO_REFERENCES, {
      flags: definitions(flags, flags.keys()),
      segments: definitions(segments, segments.keys()),
    });
  }

  #affected(changed: Changed<'flags' | 'segments'>, tables: RulesetTables): ReturnType<typeof dependants> {
    const { flags = [], segments = [] } = changed;
    if (flags.length + segments.length === 0) return { flags: new Set(), segments: new Set() };
    if (this.#graph) {
      this.#graph = updateGraph(
        this.#graph,
        { flags: definitions(tables.flags, flags), segments: definitions(tables.segments, segments) },
        { flags: without(tables.flags, flags), segments: without(tables.segments, segments) },
      );
    } else {
      this.prepare();
    }
    return dependants({ flags, segments }, this.#graph ?? NO_REFERENCES);
  }
}

function toSource(tables: RulesetTables): DefinitionSource {
  return {
    flag: (key) => tables.flags.get(key)?.def,
    segment: (key) => tables.segments.get(key)?.def,
    flagKeys: () => tables.flags.keys(),
  };
}

function allKeys(before: RulesetTables, after: RulesetTables): { flags: Set<string>; segments: Set<string> } {
  return {
    flags: new Set([...before.flags.keys(), ...after.flags.keys()]),
    segments: new Set([...before.segments.keys(), ...after.segments.keys()]),
  };
}

function* definitions<D extends Flag | Segment>(
  table: ReadonlyMap<string, { readonly def: D }>,
  keys: Iterable<string>,
): Generator<[string, D]> {
  for (const key of keys) {
    const entry = table.get(key);
    if (entry) yield [key, entry.def];
  }
}

function without(table: ReadonlyMap<string, HeldFlag | HeldSegment>, keys: readonly string[]): string[] {
  return keys.filter((key) => !table.has(key));
}

/**
 * Compiles a pattern of the RE2 dialect; throws when it is not one. The engine is loaded at the first call, so that
 * applications without `matches` never pay for it.
 */
export function compilePattern(source: string): Pattern {
  engine ??= loadEngine();
  const pattern = engine.RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
}

function loadEngine(): Engine {
  const loaded: Engine = require('re2js');
  return loaded;
}
