import { createRequire } from 'node:module';
import type { PatternCheck } from '@dimmer/core/model';
import type { RE2JS } from 're2js';

/** A compiled pattern. */
export interface CompiledPattern {
  test(text: string): boolean;
}

let engine: typeof RE2JS | undefined;

/** Compiles a pattern on the linear-time engine, which is loaded at the first one; throws when it is none. */
export function compilePattern(source: string): CompiledPattern {
  if (!engine) {
    // Synchronously, because an evaluation cannot wait, and late, because hardly any ruleset has patterns.
    const loaded: { readonly RE2JS: typeof RE2JS } = createRequire(import.meta.url)('re2js');
    engine = loaded.RE2JS;
  }
  return engine.compile(source);
}

/** What is wrong with a pattern, null when nothing is. */
export const checkPattern: PatternCheck = (source) => {
  try {
    compilePattern(source);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a pattern';
  }
};
