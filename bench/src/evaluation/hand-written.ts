import type { Context } from '@dimmer/core/model';

/** What somebody would write who has one flag in code: the same comparison, hash and counter, nothing else. */
export type HandWritten = (context: Context) => boolean;

const SEED_STATE = seedState('a1b2c3d4');

/** MurmurHash3 after an eight-character seed, as written out by hand for ASCII identifiers. */
export const HAND_SEED = 'a1b2c3d4';

export function handStatic(): HandWritten {
  let on = 0;
  return () => {
    on += 1;
    return true;
  };
}

export function handOneRule(plan: string): HandWritten {
  let on = 0;
  let off = 0;
  return (context) => {
    if (context['plan'] === plan) {
      on += 1;
      return true;
    }
    off += 1;
    return false;
  };
}

export function handRollout(threshold: number): HandWritten {
  let on = 0;
  let off = 0;
  return (context) => {
    const id = context.targetingKey;
    if (typeof id === 'string' && hash(id) < threshold) {
      on += 1;
      return true;
    }
    off += 1;
    return false;
  };
}

export function handRealistic(threshold: number): HandWritten {
  const countries = new Set<unknown>(['JP', 'BR', 'CA']);
  let rules = 0;
  let on = 0;
  let off = 0;
  return (context) => {
    const { email, build } = context;
    if (typeof email === 'string' && email.endsWith('@example.org')) {
      rules += 1;
      return true;
    }
    if (countries.has(context['country'])) {
      rules += 1;
      return false;
    }
    if (typeof build === 'number' && build >= 1490) {
      rules += 1;
      return true;
    }
    const id = context.targetingKey;
    if (typeof id === 'string' && hash(id) < threshold) {
      on += 1;
      return true;
    }
    off += 1;
    return false;
  };
}

export function handParsed(since: number, major: number, minor: number, network: number): HandWritten {
  let rules = 0;
  let off = 0;
  return (context) => {
    const { since: date, version, address } = context;
    if (typeof date === 'string' && Date.parse(date) < since) {
      rules += 1;
      return true;
    }
    if (typeof version === 'string' && isAtLeast(version, major, minor)) {
      rules += 1;
      return false;
    }
    if (typeof address === 'string' && Number(address.split('.')[1]) === network) {
      rules += 1;
      return true;
    }
    off += 1;
    return false;
  };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}

export function handList(ids: readonly string[]): HandWritten {
  const listed = new Set<unknown>(ids);
  let on = 0;
  let off = 0;
  return (context) => {
    if (listed.has(context.targetingKey)) {
      on += 1;
      return true;
    }
    off += 1;
    return false;
  };
}

function seedState(seed: string): number {
  let h = 0;
  for (let i = 0; i < seed.length; i += 4) h = block(h, seed, i);
  return h;
}

function block(h: number, text: string, i: number): number {
  let k =
    text.charCodeAt(i) |
    (text.charCodeAt(i + 1) << 8) |
    (text.charCodeAt(i + 2) << 16) |
    (text.charCodeAt(i + 3) << 24);
  k = Math.imul(k, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function hash(id: string): number {
  const { length } = id;
  let h = SEED_STATE;
  let i = 0;
  for (; i + 4 <= length; i += 4) h = block(h, id, i);
  let k = 0;
  if (length - i > 2) k ^= id.charCodeAt(i + 2) << 16;
  if (length - i > 1) k ^= id.charCodeAt(i + 1) << 8;
  if (length - i > 0) {
    k = Math.imul(k ^ id.charCodeAt(i), 0xcc9e2d51);
    h ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  }
  h ^= length + 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
