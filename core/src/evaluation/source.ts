import type { Flag } from '../model/flag.ts';
import type { Ruleset, Segment } from '../model/ruleset.ts';

/**
 * Where an evaluator gets its definitions from, one key at a time and only when it needs them, so that whoever
 * holds JSON text may parse lazily. Answers must not change while the evaluator lives.
 */
export interface DefinitionSource {
  /** The flag of that key, undefined if there is none. */
  flag(key: string): Flag | undefined;
  /** The segment of that key, undefined if there is none. */
  segment(key: string): Segment | undefined;
  /** The keys of all flags. */
  flagKeys(): Iterable<string>;
}

/** A source over a ruleset's own properties; a source is returned as it is. */
export function toSource(definitions: DefinitionSource | Ruleset): DefinitionSource {
  if ('flagKeys' in definitions) return definitions;
  const { flags, segments } = definitions;
  return {
    flag: (key) => (Object.hasOwn(flags, key) ? flags[key] : undefined),
    segment: (key) => (Object.hasOwn(segments, key) ? segments[key] : undefined),
    flagKeys: () => Object.keys(flags),
  };
}
