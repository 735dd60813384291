import { common } from './common.ts';
import { flags } from './flags.ts';
import { access, changes, connections, settings } from './pages.ts';
import { problems } from './problems.ts';
import { segments } from './segments.ts';
import { session } from './session.ts';
import { targeting } from './targeting.ts';
import { words } from './words.ts';

export const catalogue = {
  ...common,
  session,
  flags,
  targeting,
  segments,
  access,
  connections,
  changes,
  settings,
  words,
  problems,
};
