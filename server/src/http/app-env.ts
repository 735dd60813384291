import type { HttpBindings } from '@hono/node-server';

/** What travels with a request through the application. */
export interface AppEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    requestId: string;
    address: string;
  };
}
