import { sameHash } from '../changes/secrets.ts';

/** Servers that may start without an owner, each with a link of its own. */
const SERVERS = 8;

/** The hashes of the tokens that are good, with a new one: it ends those before, except those of other servers. */
export function withNewHash(stored: string | undefined, hash: string, mayHaveOthers: boolean): string {
  const others = mayHaveOthers ? (stored?.split(' ') ?? []) : [];
  return [hash, ...others].slice(0, SERVERS).join(' ');
}

/** Whether a hash is one of those stored. */
export function isGoodHash(stored: string | undefined, hash: string): boolean {
  return stored?.split(' ').some((one) => sameHash(one, hash)) ?? false;
}
