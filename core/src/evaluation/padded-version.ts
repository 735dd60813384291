/**
 * GrowthBook's version text, which its flags were written against: a leading v and build metadata are dropped,
 * numbers are padded to five characters, and three parts alone get a `~`, so that a release sorts after its
 * pre-releases. Anything that is neither a non-empty string nor a number counts as "0".
 */
export function paddedVersion(value: unknown): string {
  const parts = textOf(value)
    .replaceAll(/^v|\+.*$/g, '')
    .split(/[-.]/);
  if (parts.length === 3) parts.push('~');
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(WIDTH, ' ') : part)).join('-');
}

/**
 * How the version text of a value stands to another one, by UTF-16 code unit: below 0, 0, or above 0. Makes the text
 * no more than it has to: compares character by character what `paddedVersion` would give.
 */
export function comparePaddedVersion(value: unknown, bound: string): number {
  const text = textOf(value);
  const end = endOfVersion(text);
  let at = text.charCodeAt(0) === 0x76 ? 1 : 0;
  let parts = 0;
  /** How much of the bound has been found equal. */
  let same = 0;
  for (;;) {
    const to = endOfPart(text, at, end);
    for (let pad = isNumber(text, at, to) ? WIDTH - (to - at) : 0; pad > 0; pad -= 1) {
      if (bound.charCodeAt(same) !== SPACE) return order(SPACE, bound, same);
      same += 1;
    }
    for (; at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (bound.charCodeAt(same) !== code) return order(code, bound, same);
      same += 1;
    }
    parts += 1;
    if (to >= end) break;
    if (bound.charCodeAt(same) !== DASH) return order(DASH, bound, same);
    same += 1;
    at = to + 1;
  }
  if (parts !== 3) return same - bound.length;
  if (bound.charCodeAt(same) !== DASH) return order(DASH, bound, same);
  if (bound.charCodeAt(same + 1) !== TILDE) return order(TILDE, bound, same + 1);
  return same + 2 - bound.length;
}

const WIDTH = 5;
const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const PLUS = 0x2b;
const TILDE = 0x7e;

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : '0';
}

/** How a character stands to the one at `at` of the bound, from which it differs. */
function order(code: number, bound: string, at: number): number {
  return at < bound.length ? code - bound.charCodeAt(at) : 1;
}

/** Where the build metadata begins: at the first plus of the last line, because it never goes over the end of one. */
function endOfVersion(text: string): number {
  let end = text.length;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) break;
    if (code === PLUS) end = at;
  }
  return end;
}

function endOfPart(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) !== DASH && text.charCodeAt(at) !== DOT) at += 1;
  return at;
}

function isNumber(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return to > from;
}
