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
