import type { FieldError } from './field-error.ts';
import type { Malformed } from './shape.ts';

const MOST = 50;

/** Tells what is wrong with a pattern of the RE2 dialect; null when it compiles. */
export type PatternCheck = (source: string) => string | null;

/** Collects what is wrong, at most 50 things: whoever sends more than that is not helped by the rest. */
export class Findings {
  readonly errors: FieldError[] = [];
  readonly pattern: PatternCheck;

  constructor(pattern: PatternCheck = () => null) {
    this.pattern = pattern;
  }

  /** Notes that something else was expected at a place. */
  add(path: string, message: string, code?: string): void {
    if (this.errors.length < MOST) this.errors.push({ path, message, ...(code !== undefined && { code }) });
  }

  /** Notes what a reader found malformed in the thing at `path`. */
  addMalformed(path: string, { at, expected }: Malformed): void {
    this.add(path + at, `expected ${expected}`);
  }
}
