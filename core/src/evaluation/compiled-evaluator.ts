import type { Context } from '../model/context.ts';
import type { FlagType } from '../model/flag.ts';
import type { Json } from '../model/json.ts';
import type { Ruleset } from '../model/ruleset.ts';
import { attributesThrough } from './attributes-through.ts';
import type { Root } from './attribute.ts';
import { compileFlag, compileSegment } from './compile-flag.ts';
import type { Evaluator } from './evaluator.ts';
import { explainFlag } from './explain.ts';
import { type Failure, toFailure } from './failure.ts';
import { type Outcome, errorResult, toFailed } from './outcome.ts';
import type { Result } from './result.ts';
import { FlagCell } from './flag-cell.ts';
import type { Scope } from './scope.ts';
import { SegmentCell } from './segment-cell.ts';
import { type DefinitionSource, toSource } from './source.ts';
import type { Trace } from './trace.ts';
import type { UsageCounts, UsageLedger } from './usage.ts';
import { mismatchOf, typeOfValue } from './value-type.ts';

const NOT_FOUND: Result = errorResult('FLAG_NOT_FOUND', 'there is no flag of this key');
const NOTHING: Root = Object.freeze({});

/** Compiles flags when first asked for, and keeps them. */
export class CompiledEvaluator implements Evaluator {
  readonly #source: DefinitionSource;
  readonly #means: Pick<Scope, 'patterns' | 'random' | 'now'>;
  readonly #ledger: UsageLedger;
  readonly #flags: Map<string, FlagCell>;
  readonly #segments: Map<string, SegmentCell>;
  readonly #scope: Scope;

  constructor(
    source: DefinitionSource,
    means: Pick<Scope, 'patterns' | 'random' | 'now'>,
    ledger: UsageLedger,
    flags: Map<string, FlagCell>,
    segments: Map<string, SegmentCell>,
  ) {
    this.#source = source;
    this.#means = means;
    this.#ledger = ledger;
    this.#flags = flags;
    this.#segments = segments;
    this.#scope = {
      ...means,
      flag: (key) => this.#cell(key),
      segment: (key) => this.#segments.get(key) ?? this.#compileSegment(key),
    };
  }

  isEnabled(key: string, context: Context | undefined, fallback: boolean): boolean {
    // Not by #cell: this is what applications ask most.
    const cell = this.#flags.get(key) ?? this.#compile(key);
    if (cell === undefined) return this.#countUnknown(key, fallback);
    const outcome = decide(cell, context);
    const { value } = outcome;
    // Both by identity, which is less to do than asking for the type.
    if (value !== true && value !== false) return this.#unlike(cell, outcome, 'boolean', fallback);
    this.#count(outcome);
    return value;
  }

  variant(key: string, context?: Context): string | undefined {
    const cell = this.#cell(key);
    if (cell === undefined) return this.#countUnknown(key, undefined);
    const outcome = decide(cell, context);
    this.#count(outcome);
    return outcome.result.variant;
  }

  value(key: string, fallback: boolean, context?: Context): boolean;
  value(key: string, fallback: number, context?: Context): number;
  value(key: string, fallback: string, context?: Context): string;
  value<T extends Json>(key: string, fallback: T, context?: Context): T;
  value(key: string, fallback: Json, context?: Context): Json {
    const type = fallback === null || fallback === undefined ? undefined : typeOfValue(fallback);
    return this.typed(key, type, context).value ?? fallback;
  }

  typed(key: string, type: FlagType | undefined, context?: Context): Result {
    const cell = this.#cell(key);
    if (cell === undefined) return this.#countUnknown(key, NOT_FOUND);
    let outcome = decide(cell, context);
    const { value } = outcome;
    if (type !== undefined && value !== undefined && typeOfValue(value) !== type) {
      outcome = mismatch(cell, type, value);
    }
    this.#count(outcome);
    return outcome.result;
  }

  evaluate(key: string, context?: Context): Result {
    const cell = this.#cell(key);
    return cell === undefined ? NOT_FOUND : decide(cell, context).result;
  }

  explain(key: string, context?: Context): Result & { readonly trace: Trace } {
    const flag = this.#definition(key);
    const cell = this.#cell(key);
    if (flag === undefined || cell === undefined) return { ...NOT_FOUND, trace: { enabled: false, rules: [] } };
    const explaining = { scope: this.#scope, source: this.#source };
    const { result, trace } = explainFlag(flag, cell, rootOf(context), explaining);
    return { ...result, trace };
  }

  keys(): Iterable<string> {
    return this.#source.flagKeys();
  }

  attributesOf(key: string): ReadonlySet<string> {
    return attributesThrough(key, this.#source);
  }

  next(
    definitions: DefinitionSource | Ruleset,
    changedFlags: Iterable<string>,
    changedSegments?: Iterable<string>,
  ): Evaluator {
    const flags = new Map(this.#flags);
    for (const key of changedFlags) flags.delete(key);
    const segments = changedSegments === undefined ? new Map<string, SegmentCell>() : new Map(this.#segments);
    for (const key of changedSegments ?? []) segments.delete(key);
    return new CompiledEvaluator(toSource(definitions), this.#means, this.#ledger, flags, segments);
  }

  drainUsage(): UsageCounts {
    return this.#ledger.drain();
  }

  /** Counts an outcome that has no value, or one of another type than asked for; the answer is the caller's default. */
  #unlike<T>(cell: FlagCell, outcome: Outcome, asked: FlagType, fallback: T): T {
    this.#count(outcome.value === undefined ? outcome : mismatch(cell, asked, outcome.value));
    return fallback;
  }

  #count(outcome: Outcome): void {
    outcome.count += 1;
    if (outcome.count === 1) this.#ledger.touch(outcome);
  }

  #countUnknown<T>(key: string, answer: T): T {
    this.#ledger.unknown(key);
    return answer;
  }

  #cell(key: string): FlagCell | undefined {
    return this.#flags.get(key) ?? this.#compile(key);
  }

  #compile(key: string): FlagCell | undefined {
    const flag = this.#definition(key);
    if (flag === undefined) return undefined;
    const cell = new FlagCell(key);
    this.#flags.set(key, cell);
    compileFlag(flag, cell, this.#scope);
    return cell;
  }

  /** Callers without types may ask for any key; a source is asked for texts only. */
  #definition(key: string): ReturnType<DefinitionSource['flag']> {
    return typeof key === 'string' ? this.#source.flag(key) : undefined;
  }

  #compileSegment(key: string): SegmentCell | undefined {
    const segment = this.#source.segment(key);
    if (segment === undefined) return undefined;
    const cell = new SegmentCell(key);
    this.#segments.set(key, cell);
    compileSegment(segment, cell, this.#scope);
    return cell;
  }
}

/** How a flag comes out. The one place where what is thrown becomes a result. */
function decide(cell: FlagCell, context: Context | undefined): Outcome {
  try {
    return cell.decide(rootOf(context));
  } catch (error) {
    return failed(cell, toFailure(error));
  }
}

/** The context as what conditions read from; anything but an object has no attributes. */
function rootOf(context: Context | undefined): Root {
  return typeof context === 'object' && context !== null ? context : NOTHING;
}

function failed(cell: FlagCell, failure: Failure): Outcome {
  cell.errors ??= new Map();
  let outcome = cell.errors.get(failure);
  if (outcome === undefined) {
    outcome = toFailed(failure, { key: cell.key, metadata: [] });
    cell.errors.set(failure, outcome);
  }
  return outcome;
}

function mismatch(cell: FlagCell, asked: FlagType, value: Json): Outcome {
  return failed(cell, mismatchOf(typeOfValue(value), asked));
}
