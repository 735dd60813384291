import type { FieldError } from '../model/field-error.ts';

export type { FieldError };

/** Every error answer: `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Machine-readable, upper snake case: `INVALID_INPUT`, `NOT_FOUND`, `WOULD_MOVE_USERS`, … */
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  /** What is wrong and where; `path` is a JSON Pointer into the request body, `""` the body itself. */
  readonly errors?: readonly FieldError[];
  /** The present state, with 409 and 412. */
  readonly current?: unknown;
}
