import type { Malformed } from '../model/shape.ts';
import type { ErrorCode } from './result.ts';

/**
 * Ends an evaluation with an error. Made once, when a flag is compiled, and thrown from then on:
 * throwing is how a failure deep inside conditions reaches the outermost flag without every
 * condition having to answer with three values.
 */
export class Failure extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A definition that cannot be compiled: `PARSE_ERROR` for the flag it belongs to, and for nothing else. */
export function unreadable(message: string): Failure {
  return new Failure('PARSE_ERROR', message);
}

/** What is malformed, as a failure. */
export function misread({ at, expected }: Malformed): Failure {
  return unreadable(at === '' ? `expected ${expected}` : `expected at ${at} ${expected}`);
}

/** Thrown when a flag or a segment is entered while it is being evaluated: writes refuse cycles, this is the second wall. */
export const REENTERED: Failure = new Failure('PARSE_ERROR', 'the flag refers, through others, back to itself');

/** What a thrown value means; anything not ours came out of the context (a getter, a proxy). */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return thrown instanceof RangeError ? TOO_DEEP : HOSTILE;
}

const TOO_DEEP = new Failure('GENERAL', 'the evaluation went too deep');
const HOSTILE = new Failure('INVALID_CONTEXT', 'the context threw while it was read');
