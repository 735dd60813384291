import { LIMITS } from '@dimmer/core/model';
import { invalid, Refusal } from '../refusal.ts';
import { collectText } from './collect-text.ts';
import { parseJsonText } from './json-text.ts';
import { badRequest } from './problem.ts';
import { checkStrings } from './strings.ts';

/** A body that was read: its text, and what it says. */
export interface JsonBody {
  readonly text: string;
  readonly value: unknown;
}

/** How a route wants its body. */
export interface BodyOptions {
  /** No body is as good as `{}`. */
  readonly optional?: boolean | undefined;
  /** Keys in it may have any name. */
  readonly anyKeys?: boolean | undefined;
  readonly limit?: number;
}

/** Reads a JSON body, or refuses it: 413 too large, 415 not JSON by its type, 400 not JSON, 422 not for us. */
export async function readJson(request: Request, options: BodyOptions = {}): Promise<JsonBody> {
  const text = await readText(request, options.limit ?? LIMITS.bodyBytes);
  if (text === '' && options.optional === true) return { text, value: {} };
  if (!isJsonType(request.headers.get('content-type'))) {
    throw new Refusal(415, 'NOT_JSON', { detail: 'The body must be JSON, with Content-Type: application/json.' });
  }
  return { text, value: parseText(text, options.anyKeys === true) };
}

/** Understands the text of a body, with the same refusals. */
export function parseText(text: string, anyKeys = false): unknown {
  const parsed = parseJsonText(text);
  if (parsed.kind === 'malformed') throw badRequest('MALFORMED_JSON', 'The body is not valid JSON.');
  if (parsed.kind === 'too-deep')
    throw badRequest('TOO_DEEP', 'The body nests deeper than anything that could be meant.');
  if (parsed.kind === 'duplicate') throw invalid([{ path: parsed.path, message: 'is there twice' }], 'DUPLICATE_KEY');
  const errors = checkStrings(parsed.value, anyKeys);
  if (errors.length > 0) throw invalid(errors);
  return parsed.value;
}

/**
 * Other types are refused even where they would parse: pages of other sites can send those without asking first.
 */
function isJsonType(type: string | null): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type ?? '');
}

async function readText({ body, headers }: Request, limit: number): Promise<string> {
  return body === null ? '' : collectText(body, headers.get('content-length'), limit);
}
