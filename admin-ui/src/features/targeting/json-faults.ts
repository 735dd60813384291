import type { Settings } from '@dimmer/core/api';
import { checkCondition, checkSettings, checkText, isRecord, references, usesIn } from '@dimmer/core/model';
import type { Condition, FieldError } from '@dimmer/core/model';
import { fieldPath } from '../../lib/field-path.ts';
import type { Text } from '../../lib/i18n/i18n.ts';
import { placedWords, syntaxWords } from '../../lib/json-fault-words.ts';
import { readJson, type Place } from '../../lib/json-source.ts';
import { trusted } from '../../lib/trusted.ts';

/** One thing wrong with a text, and where. */
export interface Fault {
  readonly place: Place;
  /** `rules[1].if`; empty for the text as a whole. */
  readonly field: string;
  readonly message: string;
}

/** What was typed, or everything that is wrong with it: never a part of it. */
export type Taken<T> =
  | { readonly kind: 'taken'; readonly value: T }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] };

/** What a text may refer to; null while it is not known. */
export interface Known {
  readonly segments: readonly string[] | null;
  readonly hasFlag: ((key: string) => boolean) | null;
}

const MEMBERS = ['enabled', 'off', 'rules', 'default'] as const;
const NAME_LENGTH = 200;

/** Settings out of a text, if they are ones that the server takes as they are. */
export function takeSettings(text: Text, source: string, variants: readonly string[], known: Known): Taken<Settings> {
  return take(text, source, (value) => {
    if (!isRecord(value)) return [{ path: '', message: text.t('targeting.fault.settings') }];
    const missing = MEMBERS.filter((name) => !Object.hasOwn(value, name));
    const extra = Object.keys(value).filter((name) => !MEMBERS.some((member) => member === name));
    return [
      ...extra.map((name) => ({ path: `/${step(name)}`, message: text.t('targeting.fault.extra') })),
      ...missing.map((name) => ({ path: `/${name}`, message: text.t('targeting.fault.missing') })),
      ...checkSettings(value, variants),
      ...longNames(text, value['rules']),
      ...dangling(text, { rules: value['rules'] }, known),
    ];
  });
}

/** A condition out of a text. */
export function takeCondition(text: Text, source: string, known: Known): Taken<Condition> {
  return take(text, source, (value) => [
    ...checkCondition(value),
    ...dangling(text, { condition: value }, known).map(({ path, message }) => ({
      path: path.slice('/condition'.length),
      message,
    })),
  ]);
}

function take<T>(text: Text, source: string, check: (value: unknown) => readonly FieldError[]): Taken<T> {
  const read = readJson(source);
  if (read.kind === 'fault') {
    return { kind: 'faulty', faults: [{ place: read.fault.place, field: '', message: syntaxWords(text, read.fault) }] };
  }
  // First, because everything after it walks the value recursively.
  const unreadable = checkText(read.value);
  const errors = unreadable.length > 0 ? unreadable : check(read.value);
  if (errors.length === 0) return { kind: 'taken', value: trusted<T>(read.value) };
  const faults = errors.map(({ path, message }) => ({ place: read.placeOf(path), field: fieldPath(path), message }));
  return { kind: 'faulty', faults };
}

/** How many faults are told at once. */
const TOLD = 5;

/** Faults as lines, each with its place. */
export function faultsText(text: Text, faults: readonly Fault[]): string {
  const lines = faults.slice(0, TOLD).map((fault) => faultWords(text, fault));
  const more = faults.length - lines.length;
  return [...lines, ...(more > 0 ? [text.t('targeting.fault.more', { count: more, n: more })] : [])].join('\n');
}

/** A fault as one line: where it is, what it is about, what is wrong. */
function faultWords(text: Text, { place, field, message }: Fault): string {
  return placedWords(text, place, field === '' ? message : text.t('targeting.fault.field', { field, message }));
}

function longNames({ t }: Text, rules: unknown): FieldError[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown, index) => {
    const name = isRecord(rule) ? rule['name'] : undefined;
    const long = typeof name === 'string' && name.length > NAME_LENGTH;
    return long ? [{ path: `/rules/${index}/name`, message: t('targeting.fault.long', { most: NAME_LENGTH }) }] : [];
  });
}

/** Conditions on segments and flags that are not there: they would never hold. */
function dangling({ t }: Text, definition: object, { segments, hasFlag }: Known): FieldError[] {
  const used = references(trusted<Parameters<typeof references>[0]>(definition));
  const lost = [...used.segments].filter((key) => segments !== null && !segments.includes(key));
  const gone = [...used.flags].filter((key) => hasFlag !== null && !hasFlag(key));
  return [
    ...lost.flatMap((key) =>
      usesIn(definition, { kind: 'segment', key }).map((path) => ({
        path,
        message: t('targeting.fault.noSegment', { key }),
      })),
    ),
    ...gone.flatMap((key) =>
      usesIn(definition, { kind: 'flag', key }).map((path) => ({
        path,
        message: t('targeting.fault.noFlag', { key }),
      })),
    ),
  ];
}

function step(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
