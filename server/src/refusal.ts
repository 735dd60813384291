import type { FieldError } from '@dimmer/core/api';

/** What a refusal carries beside its code. */
export interface RefusalOptions {
  readonly detail: string;
  /** What is wrong with the input and where; paths are JSON Pointers into the request body. */
  readonly errors?: readonly FieldError[];
  /** The present state, with 409 and 412; who uses it, with `IN_USE`. */
  readonly current?: unknown;
  readonly links?: Readonly<Record<string, string>>;
}

/**
 * A request that is understood and not done, with the words for whoever asked. Thrown by commands and views,
 * translated at one boundary. Whoever throws it inside a transaction has that transaction rolled back.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly current?: unknown;
  readonly links?: Readonly<Record<string, string>>;

  constructor(status: number, code: string, options: RefusalOptions) {
    super(`${code}: ${options.detail}`);
    this.status = status;
    this.code = code;
    this.detail = options.detail;
    if (options.errors) this.errors = options.errors;
    if (options.current !== undefined) this.current = options.current;
    if (options.links) this.links = options.links;
  }
}

/** 404: there is no such thing, or none that the asker may know of. */
export function notFound(what: string): Refusal {
  return new Refusal(404, 'NOT_FOUND', { detail: `There is no ${what}.` });
}

/** 422: the input breaks a rule; every place that is wrong is named. */
export function invalid(errors: readonly FieldError[], code = 'INVALID_INPUT'): Refusal {
  const [first, ...more] = errors;
  const where = first ? `${fieldName(first.path)}${first.message}` : 'The input is wrong.';
  const detail = more.length > 0 ? `${where} (and ${more.length} more)` : where;
  // Each has a code, so that a user interface can say it in its own language.
  const coded = errors.map((error) => ({ ...error, code: error.code ?? 'NOT_AS_EXPECTED' }));
  return new Refusal(422, code, { detail, errors: coded });
}

/** A field as people write it: "name", "rules/0/if". */
function fieldName(path: string): string {
  return path === '' ? '' : `${path.slice(1)}: `;
}

/** 409: it clashes with what is there. */
export function conflict(code: string, detail: string, current?: unknown): Refusal {
  return new Refusal(409, code, current === undefined ? { detail } : { detail, current });
}

/** 403: the asker is known and may not. */
export function forbidden(detail: string): Refusal {
  return new Refusal(403, 'FORBIDDEN', { detail });
}

/** 412: the object is not in the state that `If-Match` names; `current` is what it is now. */
export function preconditionFailed(current: unknown): Refusal {
  return new Refusal(412, 'PRECONDITION_FAILED', { detail: 'It has changed since you read it.', current });
}
