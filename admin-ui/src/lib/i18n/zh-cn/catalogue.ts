import { words as first } from './first.ts';
import { words as rest } from './rest.ts';

/** All words of the language; loaded in two parts. */
export const catalogue = { ...first, ...rest };
