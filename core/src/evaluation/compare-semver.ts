/** A version as it is compared with: its three numbers and its pre-release identifiers, empty for a release. */
export interface SemverBound {
  readonly numbers: readonly string[];
  readonly identifiers: readonly string[];
}

/** Longest text that is looked at. */
export const MAX_SEMVER_LENGTH = 256;

/**
 * How a text stands to a version in SemVer 2 precedence: below 0, 0, or above 0; undefined for a text that is no
 * version. Accepts what `semverKey` does, and reads it where it stands, so that asking allocates nothing.
 */
export function compareSemver(text: string, bound: SemverBound): number | undefined {
  if (text.length > MAX_SEMVER_LENGTH) return undefined;
  let order = 0;
  let at = (text.charCodeAt(0) | 0x20) === 0x76 ? 1 : 0;
  for (let part = 0; part < 3; part += 1) {
    const other = bound.numbers[part] ?? '0';
    if (part > 0 && text.charCodeAt(at) !== DOT) {
      // A part that is not there is 0.
      if (order === 0 && other !== '0') order = -1;
      continue;
    }
    const start = part === 0 ? at : at + 1;
    const end = endOfNumber(text, start);
    if (end === start || hasLeadingZero(text, start, end)) return undefined;
    at = end;
    if (order === 0) order = compareNumber(text, start, end, other);
  }
  const hasIdentifiers = text.charCodeAt(at) === DASH;
  const end = hasIdentifiers ? endOfIdentifiers(text, at + 1, true) : at;
  if (end === INVALID || !isBuild(text, end)) return undefined;
  if (order !== 0) return order;
  if (!hasIdentifiers) return bound.identifiers.length === 0 ? 0 : 1;
  return bound.identifiers.length === 0 ? -1 : compareIdentifiers(text, at + 1, end, bound.identifiers);
}

const INVALID = -1;
const DASH = 0x2d;
const DOT = 0x2e;
const PLUS = 0x2b;
const ZERO = 0x30;

/** Whether what is left of the text is build metadata, or nothing. */
function isBuild(text: string, at: number): boolean {
  if (at === text.length) return true;
  return text.charCodeAt(at) === PLUS && endOfIdentifiers(text, at + 1, false) === text.length;
}

/** Where identifiers with dots between them end; `strict`: numbers among them have no leading zero. */
function endOfIdentifiers(text: string, from: number, strict: boolean): number {
  let start = from;
  for (;;) {
    const end = endOfIdentifier(text, start);
    if (end === start) return INVALID;
    if (strict && endOfNumber(text, start) === end && hasLeadingZero(text, start, end)) return INVALID;
    if (text.charCodeAt(end) !== DOT) return end;
    start = end + 1;
  }
}

function compareIdentifiers(text: string, from: number, to: number, others: readonly string[]): number {
  let start = from;
  for (const other of others) {
    // All that are there are equal, and it has fewer.
    if (start > to) return -1;
    const end = endOfIdentifier(text, start);
    const order = compareIdentifier(text, start, end, other);
    if (order !== 0) return order;
    start = end + 1;
  }
  return start > to ? 0 : 1;
}

function compareIdentifier(text: string, from: number, to: number, other: string): number {
  const isNumber = endOfNumber(text, from) === to;
  const isOtherNumber = endOfNumber(other, 0) === other.length;
  // Numbers come before anything else.
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return isNumber ? compareNumber(text, from, to, other) : compareText(text, from, to, other);
}

/** Without leading zeros the longer number is the larger. */
function compareNumber(text: string, from: number, to: number, other: string): number {
  return to - from === other.length ? compareText(text, from, to, other) : to - from - other.length;
}

function compareText(text: string, from: number, to: number, other: string): number {
  const shorter = Math.min(to - from, other.length);
  for (let index = 0; index < shorter; index += 1) {
    const order = text.charCodeAt(from + index) - other.charCodeAt(index);
    if (order !== 0) return order;
  }
  return to - from - other.length;
}

function hasLeadingZero(text: string, from: number, to: number): boolean {
  return to - from > 1 && text.charCodeAt(from) === ZERO;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function endOfIdentifier(text: string, from: number): number {
  let at = from;
  while (isOfIdentifier(text.charCodeAt(at))) at += 1;
  return at;
}

// Beyond the end of a text the code is NaN, which is none of these.
function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}

function isOfIdentifier(code: number): boolean {
  // Upper and lower case differ in one bit.
  return isDigit(code) || code === DASH || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a && code < 0x80);
}
