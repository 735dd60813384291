import type { Context } from '@dimmer/core/model';

/** How many users take turns; a power of two, so that an index wraps by a mask. */
export const USERS = 1024;

const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR'];

/** Users that look like an application's: an id, a plan, a country, an e-mail address, a build, a version, a date, an address. */
export function makeContexts(): readonly Context[] {
  return Array.from({ length: USERS }, (_, index) => ({
    targetingKey: flat(`user-${index * 7919}`),
    plan: index % 2 === 0 ? 'pro' : 'free',
    country: COUNTRIES[index % COUNTRIES.length] ?? 'DE',
    email: flat(`person${index}@${index % 8 === 0 ? 'example.org' : 'mail.example'}`),
    build: 1000 + (index % 500),
    version: flat(`${1 + (index % 3)}.${index % 20}.0`),
    since: flat(`20${10 + (index % 15)}-0${1 + (index % 9)}-15T08:30:00Z`),
    address: flat(`10.${index % 4}.${index % 256}.7`),
  }));
}

/** Makes V8 hold a string in one piece: joining it lazily would be paid for by whoever reads it first. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}
