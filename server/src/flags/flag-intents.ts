import type { AnyHandler } from '../changes/intent-handler.ts';
import { flagArchive, flagRestore } from './flag-archive.ts';
import { flagCreate } from './flag-create.ts';
import { flagUpdate } from './flag-update.ts';
import { rolloutSet, settingsUpdate } from './settings-intents.ts';

/** Everything that can be done to flags. */
export const flagIntents: readonly AnyHandler[] = [
  flagCreate,
  flagUpdate,
  flagArchive,
  flagRestore,
  settingsUpdate,
  rolloutSet,
];
