/** How many lamps hang on the wall. */
export const USERS = 1000;

/** The flag that lights them. */
export const FLAG = 'lamps';

const COUNTRIES = ['CN', 'DE', 'BR', 'IN', 'NG'] as const;

/** Who a lamp stands for; a type of its own fields, so that it is a context for both SDKs. */
export type User = {
  readonly targetingKey: string;
  /** The first twenty built it: material for a segment `dogfood`. */
  readonly staff: boolean;
  readonly country: string;
};

/** User number `n`, 1 to 1,000. The wall and "you" ask with the same context, so they get the same answer. */
export function user(n: number): User {
  return {
    targetingKey: `user-${String(n).padStart(4, '0')}`,
    staff: n <= 20,
    country: COUNTRIES[n % COUNTRIES.length] ?? 'CN',
  };
}

/** All users, in the order of their lamps. */
export function allUsers(): readonly User[] {
  return Array.from({ length: USERS }, (_, index) => user(index + 1));
}
