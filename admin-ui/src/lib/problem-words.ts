import type { FieldError } from '@dimmer/core/api';
import { ProblemError, UnreachableError } from './http.ts';
import type { T } from './i18n/i18n.ts';

const WORDED = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFIRMATION_NEEDED',
  'WOULD_MOVE_USERS',
  'STILL_EVALUATED',
  'ARCHIVED',
  'ALREADY_EXISTS',
  'PRECONDITION_FAILED',
  'REVERT_CONFLICT',
  'TOO_LARGE',
  'TOO_MANY_REQUESTS',
] as const;

/** What went wrong, for the reader: by code where there are words for it, else as the server said it. */
export function problemWords(t: T, error: unknown): string {
  if (error instanceof UnreachableError) return t('problems.unreachable');
  if (!(error instanceof ProblemError)) return t('problems.unknown');
  const { code, detail, title } = error.problem;
  const worded = WORDED.find((known) => known === code);
  if (worded !== undefined) return t(`problems.${worded}`);
  if (code === 'IN_USE') return [t('problems.IN_USE'), detail].join(' ');
  return detail || title || t('problems.unknown');
}

export function codeOf(error: unknown): string | null {
  return error instanceof ProblemError ? error.problem.code : null;
}

export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error instanceof ProblemError ? (error.problem.errors ?? []) : [];
}

/** The complaint about one member of the body as the server worded it, if the refusal has one. */
export function fieldError(error: unknown, member: string): string | undefined {
  return fieldErrorsOf(error).find(({ path }) => path === `/${member}` || path.startsWith(`/${member}/`))?.message;
}
