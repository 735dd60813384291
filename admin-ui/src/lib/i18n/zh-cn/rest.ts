import { access, changes, connections, settings } from './pages.ts';
import { segments } from './segments.ts';
import { session } from './session.ts';
import { targeting } from './targeting.ts';
import { words as pieces } from './words.ts';

/** What all other pages say. */
export const words = { session, targeting, segments, access, connections, changes, settings, words: pieces };
