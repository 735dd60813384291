import { environments } from './environments.ts';
import { fields } from './fields.ts';
import { access, changes, connections, settings } from './pages.ts';
import { segments } from './segments.ts';
import { session } from './session.ts';
import { targeting } from './targeting.ts';
import { tokens } from './tokens.ts';
import { words as pieces } from './words.ts';

/** What all other pages say. */
export const words = {
  fields,
  session,
  environments,
  targeting,
  segments,
  access,
  tokens,
  connections,
  changes,
  settings,
  words: pieces,
} as const;
