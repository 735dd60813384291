/** What reading a JSON text came to. */
export type JsonText =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'duplicate'; readonly path: string };

/** Nesting that no honest body reaches: conditions nest 16 deep, each level costs two. */
export const MAX_DEPTH = 200;

/**
 * Parses a JSON text and refuses what `JSON.parse` lets pass: a nesting that would exhaust recursive readers, and
 * a key that occurs twice in one object, where two readers may see two different values.
 */
export function parseJsonText(text: string, maxDepth = MAX_DEPTH): JsonText {
  if (depthOf(text, maxDepth) > maxDepth) return { kind: 'too-deep' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed' };
  }
  const path = duplicateIn(text);
  return path === undefined ? { kind: 'value', value } : { kind: 'duplicate', path };
}

/** Deepest nesting, counted only until it exceeds `limit`; also right about text that is not JSON. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length && deepest <= limit; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i);
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

interface Level {
  /** Keys seen so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** The key or index that is being read. */
  at: string | number;
}

/** JSON Pointer of the first key that occurs twice in its object; the text is known to be valid JSON. */
function duplicateIn(text: string): string | undefined {
  const levels: Level[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1);
    switch (text.charCodeAt(i)) {
      case OPEN_BRACE:
        levels.push({ keys: new Set(), at: '' });
        expectsKey = true;
        break;
      case OPEN_BRACKET:
        levels.push({ keys: undefined, at: 0 });
        expectsKey = false;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        levels.pop();
        expectsKey = false;
        break;
      case COMMA:
        if (typeof level?.at === 'number') level.at++;
        expectsKey = level?.keys !== undefined;
        break;
      case QUOTE: {
        const end = endOfString(text, i);
        if (expectsKey && level?.keys !== undefined) {
          level.at = decodeKey(text.slice(i, end + 1));
          if (level.keys.has(level.at)) return toPointer(levels.map(({ at }) => at));
          level.keys.add(level.at);
          expectsKey = false;
        }
        i = end;
        break;
      }
      default:
    }
  }
  return undefined;
}

/** Index of the quote that closes the string opened at `start`; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === BACKSLASH) i++;
    else if (char === QUOTE) return i;
  }
  return text.length;
}

/** The same key may be written with and without escapes. */
function decodeKey(literal: string): string {
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

/** A path as JSON Pointer (RFC 6901). */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
