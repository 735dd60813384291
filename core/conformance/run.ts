import { readFileSync, readdirSync } from 'node:fs';
import type { Condition, Context, Flag, FlagType, Meta, Json, Ruleset, Segment } from '../src/model/index.ts';
import type { ErrorCode, Reason } from '../src/evaluation/index.ts';

/** What a case may need that not every way of asking can give: a clock that stands still, an engine for patterns. */
export type Need = 'clock' | 'patterns';

/** What is expected of an answer, member by member; what is not named must be absent, error messages aside. */
export interface Expectation {
  readonly value?: Json;
  readonly variant?: string;
  readonly reason: Reason;
  readonly rule?: string;
  readonly errorCode?: ErrorCode;
  readonly metadata?: Meta;
}

/** One question to a ruleset. */
export interface Question {
  readonly flag: string;
  /** Type asked for; absent: any. */
  readonly as?: FlagType;
  readonly context?: Context;
  readonly expect: Expectation;
}

/** A ruleset and what it must answer. */
export interface ConformanceCase {
  /** Name of the file, then of the case: unique. */
  readonly name: string;
  readonly ruleset: Ruleset;
  /** Epoch milliseconds that `$now` is to be; absent: any. */
  readonly now?: number;
  readonly needs: readonly Need[];
  readonly questions: readonly Question[];
}

/** All cases of all files, shorthand written out (see the README beside this file). */
export function conformanceCases(): readonly ConformanceCase[] {
  const folder = new URL('./', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((file) => {
    // Read as text, because importing would make a prototype of a member called "__proto__".
    const { cases }: { cases: readonly WrittenCase[] } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return cases.map((written) => writeOut(written, file.slice(0, -'.json'.length)));
  });
}

/** Compares an answer with what is expected; null when it is that, else both as JSON. */
export function compareAnswer(expected: Expectation, answer: object): string | null {
  const members = ['value', 'variant', 'reason', 'rule', 'errorCode', 'metadata'];
  const shown = members.map((name) => `${name}: ${text(answer, name)}`).join(', ');
  const wanted = members.map((name) => `${name}: ${text(expected, name)}`).join(', ');
  return shown === wanted ? null : `expected ${wanted}\n     got ${shown}`;
}

/** A case as the files have it. */
interface WrittenCase {
  readonly name: string;
  readonly segments?: Readonly<Record<string, Segment>>;
  readonly now?: number;
  readonly needs?: readonly Need[];
  readonly condition?: Condition;
  readonly holds?: readonly Context[];
  readonly fails?: readonly Context[];
  readonly flag?: Flag;
  readonly flags?: Readonly<Record<string, Flag>>;
  readonly asks?: readonly (Omit<Question, 'flag'> & { readonly flag?: string })[];
}

function writeOut(written: WrittenCase, file: string): ConformanceCase {
  const { name, segments = {}, now, needs = [], condition, flag, flags = {}, asks = [] } = written;
  const own = condition === undefined ? flag : flagFor(condition);
  return {
    name: `${file}: ${name}`,
    ruleset: { flags: own === undefined ? flags : { ...flags, flag: own }, segments },
    ...(now === undefined ? {} : { now }),
    needs,
    questions: [...asks.map((ask) => ({ flag: 'flag', ...ask })), ...conditionQuestions(written)],
  };
}

function flagFor(condition: Condition): Flag {
  return {
    type: 'boolean',
    variants: { yes: { value: true }, no: { value: false } },
    enabled: true,
    rules: [{ id: 'rule', if: condition, serve: 'yes' }],
    default: 'no',
  };
}

function conditionQuestions({ holds = [], fails = [] }: WrittenCase): Question[] {
  return [
    ...holds.map((context) => ({
      flag: 'flag',
      context,
      expect: { value: true, variant: 'yes', reason: 'TARGETING_MATCH', rule: 'rule' } as const,
    })),
    ...fails.map((context) => ({
      flag: 'flag',
      context,
      expect: { value: false, variant: 'no', reason: 'DEFAULT' } as const,
    })),
  ];
}

function text(of: object, member: string): string {
  const value: unknown = Object.entries(of).find(([name]) => name === member)?.[1];
  return JSON.stringify(sorted(value)) ?? 'absent';
}

/** With members in one order, which is not part of what an answer says. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => [name, sorted(part)]);
}
