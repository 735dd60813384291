/** How long a new token is good for, in days; `never` until it is revoked. */
export const LIFETIMES = ['never', '7', '30', '90', '365'] as const;
export type Lifetime = (typeof LIFETIMES)[number];

const DAY_MS = 86_400_000;

/** The end of such a token made now; undefined: none. */
export function endOf(lifetime: Lifetime, now: number): string | undefined {
  return lifetime === 'never' ? undefined : new Date(now + Number(lifetime) * DAY_MS).toISOString();
}

/** Whether it ends so soon that somebody should replace it. */
export function endsSoon(expiresAt: string, now: number): boolean {
  return Date.parse(expiresAt) - now < 7 * DAY_MS;
}
