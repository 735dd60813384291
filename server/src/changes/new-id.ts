import type { RandomBytes } from './secrets.ts';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id that nobody else makes: what it is of, and 96 random bits in hex. */
export function newId(kind: 'chg' | 'prj' | 'env' | 'key' | 'tok' | 'usr', random: RandomBytes): string {
  return `${kind}_${Buffer.from(random(12)).toString('hex')}`;
}

/** Eight ASCII characters that the splits of one flag in one environment hash with. */
export function newSeed(random: RandomBytes): string {
  return Array.from(random(8), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}
