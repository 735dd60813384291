import pg from 'pg';
import type { PostgresTarget } from '../../config/database-url.ts';
import { Refusal } from '../../refusal.ts';
import { CannotOpenDatabase } from '../cannot-open-database.ts';

/** Nobody knows whether this transaction is stored: the answer to its commit got lost. */
export class UnansweredCommit extends Error {
  override readonly name = 'UnansweredCommit';
  readonly refusal: Refusal = new Refusal(503, 'STORAGE_UNAVAILABLE', {
    detail:
      'The database went away while this was being stored. Make the same request again: with an Idempotency-Key it is done once.',
  });
}

/** What the database or the way to it did, in the words of the API; other errors as they are. */
export function toFailure(error: unknown): unknown {
  if (error instanceof UnansweredCommit) return error.refusal;
  const cause = causeOf(error);
  if (!(cause instanceof Error) || cause instanceof Refusal) return cause;
  const code = codeOf(cause);
  if (code === '53100') {
    return new Refusal(507, 'STORAGE_FULL', { detail: 'The disk is full. Nothing was stored; reading goes on.' });
  }
  if (!isAway(cause, code)) return cause;
  return unavailable(code ?? 'time is over');
}

/** Refused, and nothing was done. */
export function unavailable(why: string): Refusal {
  return new Refusal(503, 'STORAGE_UNAVAILABLE', {
    detail: `The database does not answer (${why}). Nothing was stored.`,
  });
}

/** Whether the same transaction may go through when it is run again: another was in its way. */
export function isInTheWay(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(causeOf(error)) ?? '');
}

/** Whether the database itself has refused, and is not going away. */
export function isAnswered(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof pg.DatabaseError && !isAway(cause, codeOf(cause));
}

/** Why the database cannot be opened, in the words of whoever set its address. */
export function toOpenError(error: unknown, target: PostgresTarget): unknown {
  const cause = causeOf(error);
  if (!(cause instanceof Error) || cause instanceof CannotOpenDatabase) return cause;
  const code = codeOf(cause);
  const place = `${target.host}:${target.port}`;
  const user = target.user ?? 'the user of this process';
  const said = `${cause.message.replaceAll(target.password ?? '\0', '***')}${code === undefined ? '' : ` (${code})`}`;
  const words: Readonly<Record<string, string>> = {
    ENOTFOUND: `There is no host "${target.host}".`,
    EAI_AGAIN: `The name "${target.host}" cannot be resolved now.`,
    ENOENT: 'It, or a file that its URL names, is not there.',
    ECONNREFUSED: `Nothing listens on ${place}.`,
    '28P01': `The password of "${user}" is wrong: set it in DIMMER_DATABASE_URL.`,
    '28000': `"${user}" may not connect from here.`,
    '3D000': `There is no database "${target.database ?? user}". Make it with: CREATE DATABASE "${target.database ?? user}"`,
    '42501': `"${user}" may not create tables. The owner of the database may.`,
  };
  const known = (code !== undefined && words[code]) || 'It does not let us in.';
  return new CannotOpenDatabase(`PostgreSQL on ${place} cannot be used. ${known} It said: ${said}`);
}

/** The error of the database itself: what stands around it holds the values of the statement. */
function causeOf(error: unknown): unknown {
  if (error instanceof Error && 'query' in error && 'params' in error && error.cause !== undefined) {
    return causeOf(error.cause);
  }
  if (error instanceof AggregateError) return causeOf(error.errors[0] ?? error.message);
  return error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Connection lost or refused, shutting down or starting up, out of connections, or too slow. */
function isAway(error: Error, code: string | undefined): boolean {
  if (code === undefined) {
    return /timeout|terminated|not queryable|closed|ended/i.test(error.message);
  }
  return (
    /^(08|57P|53[23]|58|55P03$|57014$|25P03$|40001$|40P01$|25006$)/.test(code) ||
    /^(ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOST|ENETUNREACH|ENOENT)/.test(code)
  );
}
