import type { Context } from '@dimmer/core/model';
/** How many users take turns; a power of two, so that an index wraps by a mask. */
export declare const USERS = 1024;
/** Users that look like an application's: an id, a plan, a country, an e-mail address, a version. */
export declare function makeContexts(): readonly Context[];
//# sourceMappingURL=contexts.d.ts.map