/** IPv4 or IPv6 addresses in blocks. Addresses are read where they stand, so that asking allocates nothing. */

/** 0 for what is no address. */
type Family = 0 | 4 | 6;

interface Block {
  readonly family: Family;
  /** The block's bits in 32-bit words, most significant first, and which of them count. */
  readonly words: Int32Array;
  readonly masks: Int32Array;
}

// The address last read, as 16-bit groups for IPv6 and as the words that are compared; taken again and again.
const GROUPS = new Int32Array(8);
const WORDS = new Int32Array(4);

/**
 * Asks whether a text is an address without zone inside some of these blocks, each `address` or `address/bits`.
 * Families never mix; entries that are neither are ignored.
 */
export function compileBlocks(entries: readonly string[]): (text: string) => boolean {
  const blocks = entries.map(parseBlock).filter((block) => block !== undefined);
  return (text) => {
    const family = readAddress(text);
    if (family === 0) return false;
    for (const block of blocks) if (block.family === family && isInside(block)) return true;
    return false;
  };
}

/** Whether the address last read, which is of the block's family, is inside. */
function isInside({ words, masks }: Block): boolean {
  for (let index = 0; index < words.length; index += 1) {
    if ((((WORDS[index] ?? 0) ^ (words[index] ?? 0)) & (masks[index] ?? 0)) !== 0) return false;
  }
  return true;
}

function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const family = readAddress(slash === -1 ? text : text.slice(0, slash));
  if (family === 0) return undefined;
  const length = family === 4 ? 32 : 128;
  const bits = slash === -1 ? length : parsePrefix(text.slice(slash + 1), length);
  if (bits === undefined) return undefined;
  const words = WORDS.slice(0, length / 32);
  return { family, words, masks: words.map((_, index) => maskOf(bits - index * 32)) };
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}

function parsePrefix(text: string, most: number): number | undefined {
  const bits = /^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : most + 1;
  return bits > most ? undefined : bits;
}

function readAddress(text: string): Family {
  if (text.length > 45) return 0;
  if (text.includes(':')) return readIpv6(text) ? 6 : 0;
  return readIpv4(text, 0) ? 4 : 0;
}

/** Reads what is left of a text as an IPv4 address, into the first word. */
function readIpv4(text: string, from: number): boolean {
  let word = 0;
  let at = from;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0 && text.charCodeAt(at++) !== DOT) return false;
    const start = at;
    let value = 0;
    while (at - start < 3 && isDigit(text, at)) value = value * 10 + text.charCodeAt(at++) - ZERO;
    const hasLeadingZero = at - start > 1 && text.charCodeAt(start) === ZERO;
    if (at === start || hasLeadingZero || value > 255) return false;
    word = (word << 8) | value;
  }
  WORDS[0] = word;
  return at === text.length;
}

/** Reads a text as an IPv6 address, into all words. */
function readIpv6(text: string): boolean {
  let count = 0;
  /** How many groups stand before the `::`, if there is one. */
  let gap = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    const end = endOfHex(text, at);
    if (text.charCodeAt(end) === DOT) {
      if (count > 6 || !readIpv4(text, at)) return false;
      const word = WORDS[0] ?? 0;
      GROUPS[count++] = word >>> 16;
      GROUPS[count++] = word & 0xffff;
      break;
    }
    if (end === at || count === 8) return false;
    GROUPS[count++] = hexOf(text, at, end);
    if (end === text.length) break;
    at = end + 1;
    if (text.charCodeAt(end) !== COLON || at === text.length) return false;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap !== -1) return false;
    gap = count;
    at += 1;
  }
  return fillWords(count, gap);
}

/** Makes words of `count` groups; what is missing to eight is zeros after the first `gap` ones. */
function fillWords(count: number, gap: number): boolean {
  const missing = 8 - count;
  if (gap === -1 ? missing !== 0 : missing < 1) return false;
  const before = gap === -1 ? count : gap;
  for (let index = 0; index < 4; index += 1) {
    WORDS[index] = (groupAt(index * 2, before, missing) << 16) | groupAt(index * 2 + 1, before, missing);
  }
  return true;
}

function groupAt(index: number, before: number, missing: number): number {
  if (index < before) return GROUPS[index] ?? 0;
  return index < before + missing ? 0 : (GROUPS[index - missing] ?? 0);
}

const ZERO = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;

// Beyond the end of a text the code is NaN, which is none of these.
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= 0x39;
}

/** Where the one to four hexadecimal digits from `at` on end. */
function endOfHex(text: string, at: number): number {
  let end = at;
  while (end - at < 4 && digitOf(text.charCodeAt(end)) !== -1) end += 1;
  return end;
}

function hexOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = (value << 4) | digitOf(text.charCodeAt(at));
  return value;
}

function digitOf(code: number): number {
  if (code >= ZERO && code <= 0x39) return code - ZERO;
  // Upper and lower case differ in one bit.
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
