import { common } from './common.ts';
import { flags } from './flags.ts';
import { problems } from './problems.ts';

/** What the first page says. */
export const words = { ...common, flags, problems };
