import { KEY_PATTERN } from '@dimmer/core/model';
import type { FieldError, Page, Problem, Warning, WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { z } from 'zod';
import { MAX_COMMENT } from '../../changes/committer.ts';
import { got } from '../schema-messages.ts';
import { receiptsSummary } from './receipts.ts';

/** Key of a project, environment, flag, segment or variant. */
export const key = z
  .string()
  .regex(KEY_PATTERN, 'expected 1 to 128 letters, digits, dots, dashes or underscores, the first a letter or digit');

/** A moment, ISO 8601 with a zone. */
export const instant = z.iso.datetime({ offset: true, error: 'expected a date and time like 2027-01-31T09:00:00Z' });

/** A short text for people. */
export const name = z.string().max(200);

/** A long text for people. */
export const description = z.string().max(4000);

/** What every write accepts beside its own fields. */
export const writeOptions = {
  comment: z.string().max(MAX_COMMENT).exactOptional().describe('Stored with the change.'),
  confirm: z
    .string()
    .max(4000)
    .exactOptional()
    .describe('Key of the protected environment, from people who raise exposure there; several with commas.'),
} satisfies z.ZodRawShape;

/** Body of a write that has no fields of its own. */
export const writeBody = z.strictObject(writeOptions).meta({ id: 'WriteOptions' }) satisfies z.ZodType<WriteOptions>;

const warning = z
  .object({
    code: z.enum(['NOT_ENABLED', 'RULES_FIRST', 'AUDIENCE_EMPTY']),
    message: z.string(),
    rules: z.array(z.string()).exactOptional(),
    segments: z.array(z.string()).exactOptional(),
  })
  .meta({ id: 'Warning' }) satisfies z.ZodType<Warning>;

/** What every write answers. */
export const writeAnswer = z
  .object({
    changeId: z.string().nullable().describe('Null when the request changed nothing.'),
    versions: z.record(z.string(), z.int()).describe('The new version in each environment whose ruleset changed.'),
    etag: z.string().exactOptional(),
    warnings: z.array(warning).exactOptional(),
    receipts: receiptsSummary.exactOptional().describe('With `?wait=live`: added up over the environments.'),
  })
  .meta({ id: 'WriteAnswer' }) satisfies z.ZodType<WriteAnswer>;

const fieldError = z
  .object({
    path: z.string().describe('JSON Pointer into the body, "" the body itself.'),
    message: z.string().describe('What was expected, for people.'),
    code: z.string().exactOptional().describe('Machine-readable: MISSING, TOO_LONG, UNKNOWN_VARIANT, …'),
  })
  .meta({ id: 'FieldError' }) satisfies z.ZodType<FieldError>;

/** Every error answer. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Machine-readable: INVALID_INPUT, NOT_FOUND, WOULD_MOVE_USERS, …'),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(fieldError).exactOptional(),
    current: z.unknown().exactOptional().describe('The present state, with 409, 412 and `IN_USE`.'),
    links: z.record(z.string(), z.string()).exactOptional(),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<Problem>;

/** What a number out of its range is told, with both bounds. */
export function between(least: number, most: number): { readonly error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => `expected a number from ${least} to ${most}${got(input)}` };
}

/** One page of a list. */
export function page<T extends z.ZodType>(id: string, item: T): z.ZodType<Page<z.infer<T>>> {
  return z
    .object({
      items: z.array(item),
      next: z.string().exactOptional().describe('Cursor of the following page, absent on the last.'),
    })
    .meta({ id });
}

/** Query of every list. */
export const pageQuery = {
  cursor: z.string().max(500).exactOptional().describe('The `next` of the page before.'),
  limit: z.coerce
    .number()
    .int()
    .min(1, between(1, 200))
    .max(200, between(1, 200))
    .exactOptional()
    .describe('Items of a page, 50 unless given.'),
} satisfies z.ZodRawShape;

/** A query parameter that is either there with true or false. */
export const flagParameter = z.enum(['true', 'false']).transform((text) => text === 'true');
