/**
 * MurmurHash3 x86 32-bit over the UTF-8 bytes of seed + identifier, straight over char codes: no string is
 * joined and nothing allocated. Four ASCII characters are one block; texts with any other character, and those after
 * a seed that is no whole number of blocks, are fed byte by byte. A lone surrogate counts as U+FFFD, as in every
 * UTF-8 encoder.
 */
export interface MurmurState {
  /** Hash after the whole blocks so far. */
  readonly hash: number;
  /** The bytes after the last whole block, low byte first. */
  readonly pending: number;
  /** Bytes so far; the lowest two bits are the number of pending ones. */
  readonly length: number;
}

// Under a name of its own: the engine limits what it inlines by the size of the code, which this makes shorter.
const { imul } = Math;

/** The state after hashing `text`, from which identifiers are hashed on; `start` is the hash's own 32-bit seed. */
export function murmurState(text: string, start = 0): MurmurState {
  const feeder = new Feeder(start | 0, 0, 0);
  feeder.text(text);
  return { hash: feeder.hash, pending: feeder.pending, length: feeder.length };
}

/** The hash, as a signed 32-bit number, of what `state` has hashed followed by `text`. */
export function murmurFrom(state: MurmurState, text: string): number {
  if ((state.length & 3) !== 0) return slow(state, text);
  const { length } = text;
  let { hash } = state;
  // All codes laid over each other: whether one was beyond ASCII is asked once, at the end.
  let codes = 0;
  let i = 0;
  for (const last = length - 4; i <= last; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    codes |= a | b | c | d;
    hash ^= scramble(a | (b << 8) | (c << 16) | (d << 24));
    hash = (hash << 13) | (hash >>> 19);
    hash = (imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let shift = 0; i < length; i += 1, shift += 8) {
    const code = text.charCodeAt(i);
    codes |= code;
    tail |= code << shift;
  }
  if (codes > 0x7f) return slow(state, text);
  return finish(hash ^ scramble(tail), state.length + length);
}

// A block of zero scrambles to zero, so an absent tail needs no branch.
function scramble(block: number): number {
  const k = imul(block, 0xcc9e2d51);
  return imul((k << 15) | (k >>> 17), 0x1b873593);
}

function finish(mixed: number, length: number): number {
  let hash = mixed ^ length;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function slow(state: MurmurState, text: string): number {
  spare.hash = state.hash;
  spare.pending = state.pending;
  spare.length = state.length;
  spare.text(text);
  return finish(spare.hash ^ scramble(spare.pending), spare.length);
}

/** Takes bytes one at a time. */
class Feeder {
  hash: number;
  pending: number;
  length: number;

  constructor(hash: number, pending: number, length: number) {
    this.hash = hash;
    this.pending = pending;
    this.length = length;
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i += 1) {
      let code = text.codePointAt(i) ?? 0;
      if (code > 0xffff) i += 1;
      else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      this.character(code);
    }
  }

  character(code: number): void {
    if (code < 0x80) return this.byte(code);
    if (code < 0x800) {
      this.byte(0xc0 | (code >> 6));
    } else {
      if (code < 0x10000) this.byte(0xe0 | (code >> 12));
      else {
        this.byte(0xf0 | (code >> 18));
        this.byte(0x80 | ((code >> 12) & 0x3f));
      }
      this.byte(0x80 | ((code >> 6) & 0x3f));
    }
    this.byte(0x80 | (code & 0x3f));
  }

  byte(value: number): void {
    this.pending |= value << ((this.length & 3) * 8);
    this.length += 1;
    if ((this.length & 3) !== 0) return;
    const mixed = this.hash ^ scramble(this.pending);
    this.hash = (imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
    this.pending = 0;
  }
}

// Taken again and again, so that nothing is allocated; reading a text runs nobody else's code in between.
const spare = new Feeder(0, 0, 0);
