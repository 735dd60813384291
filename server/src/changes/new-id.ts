import type { RandomBytes } from './secrets.ts';

/** An id that nobody else makes: what it is of, and 96 random bits in hex. */
export function newId(kind: 'chg' | 'prj' | 'env' | 'key' | 'tok' | 'usr', random: RandomBytes): string {
  return `${kind}_${Buffer.from(random(12)).toString('hex')}`;
}
