import type { Context } from 'hono';
import type { Credentials } from '../auth/authenticate.ts';
import type { AppEnv } from './app-env.ts';

/** The part of a request that tells who asks, and from what page. */
export function credentialsOf(c: Context<AppEnv>): Credentials {
  return {
    method: c.req.method,
    origin: c.req.header('origin'),
    host: c.req.header('host'),
    secFetchSite: c.req.header('sec-fetch-site'),
    authorization: c.req.header('authorization'),
    cookie: c.req.header('cookie'),
  };
}
