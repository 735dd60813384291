// The plain way to read dates, versions and addresses, with patterns and lists: what the readers that allocate nothing
// are held against.

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Epoch milliseconds of a full RFC 3339 date-time, cut to whole milliseconds; undefined for anything else. */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for those of the twentieth century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = offsetMinutes(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (offset === undefined) return undefined;
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds;
}

function offsetMinutes(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

const MAX_LENGTH = 256;
const NUMERIC = /^(?:0|[1-9][0-9]*)$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const DIGITS = /^[0-9]+$/;

/**
 * A version as a string whose order by code unit is SemVer 2 precedence, so that every comparison of strings
 * works on versions: numbers are preceded by their length, a release sorts after its pre-releases, and build
 * metadata is dropped. Accepts an optional v and one to three parts; undefined for anything else.
 */
export function semverKey(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [versioned = '', ...builds] = text.split('+');
  if (builds.length > 1 || (builds[0] !== undefined && !builds[0].split('.').every(isIdentifier))) return undefined;
  const start = versioned.startsWith('v') || versioned.startsWith('V') ? 1 : 0;
  const dash = versioned.indexOf('-');
  const core = versioned.slice(start, dash === -1 ? undefined : dash).split('.');
  if (core.length > 3 || !core.every((part) => NUMERIC.test(part))) return undefined;
  while (core.length < 3) core.push('0');
  const numbers = core.map(numberKey).join('');
  if (dash === -1) return `${numbers}~`;
  const identifiers = versioned.slice(dash + 1).split('.');
  if (!identifiers.every(isPrerelease)) return undefined;
  // Numeric identifiers sort below others (\u0001 < \u0002), and a shorter list below a longer one (\u0000 ends it).
  const keys = identifiers.map((id) => (DIGITS.test(id) ? `\u0001${numberKey(id)}` : `\u0002${id}\u0000`));
  return `${numbers}-${keys.join('')}\u0000`;
}

function numberKey(digits: string): string {
  return String.fromCharCode(0x100 + digits.length) + digits;
}

function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

function isPrerelease(text: string): boolean {
  return isIdentifier(text) && (!DIGITS.test(text) || NUMERIC.test(text));
}

/**
 * GrowthBook's version text, which its flags were written against: a leading v and build metadata are dropped,
 * numbers are padded to five characters, and three parts alone get a `~`, so that a release sorts after its
 * pre-releases. Anything that is neither a non-empty string nor a number counts as "0".
 */
export function paddedVersion(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  const parts = (typeof text === 'string' && text !== '' ? text : '0').replaceAll(/^v|\+.*$/g, '').split(/[-.]/);
  if (parts.length === 3) parts.push('~');
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, ' ') : part)).join('-');
}

/** An address as a family and its bits, most significant first, in 32-bit words. */
export interface Address {
  readonly family: 4 | 6;
  readonly words: readonly number[];
}

/** A block of addresses: whether an address is inside. Families never mix. */
export type Block = (address: Address) => boolean;

/** Reads an IPv4 or IPv6 address without zone; undefined if it is neither. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (text.includes(':')) {
    const words = parseIpv6(text);
    return words === undefined ? undefined : { family: 6, words };
  }
  const word = parseIpv4(text);
  return word === undefined ? undefined : { family: 4, words: [word] };
}

/** Reads `address` or `address/bits`; undefined if it is neither. */
export function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const length = address.family === 4 ? 32 : 128;
  const bits = slash === -1 ? length : parsePrefix(text.slice(slash + 1), length);
  if (bits === undefined) return undefined;
  const masks = address.words.map((_, index) => maskOf(bits - index * 32));
  return (other) =>
    other.family === address.family &&
    masks.every((mask, index) => (((other.words[index] ?? 0) ^ (address.words[index] ?? 0)) & mask) === 0);
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}

function parsePrefix(text: string, most: number): number | undefined {
  const bits = /^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : most + 1;
  return bits > most ? undefined : bits;
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    word = (word << 8) | Number(part);
  }
  return word;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const gap = 8 - before.length - after.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...before, ...Array.from({ length: gap }, () => 0), ...after];
  return [0, 2, 4, 6].map((index) => ((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0));
}

/** 16-bit groups; the last may be an IPv4 address, only at the very end. */
function groupsOf(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const word = atEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (word === undefined) return undefined;
      groups.push((word >>> 16) & 0xffff, word & 0xffff);
    }
  }
  return groups;
}
