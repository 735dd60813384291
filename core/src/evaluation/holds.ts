import type { Root } from './attribute.ts';

/** A compiled condition. May throw a failure. */
export type Holds = (root: Root) => boolean;
