import { accessIntents } from '../auth/access-intents.ts';
import type { ChangeFeed } from '../changes/change-feed.ts';
import { createCommitter } from '../changes/commit.ts';
import type { Committer } from '../changes/committer.ts';
import { checkPattern } from '../changes/patterns.ts';
import { revertIntents } from '../changes/revert.ts';
import { environmentIntents } from '../environments/environment-intents.ts';
import { keyIntents } from '../environments/key-intents.ts';
import { projectIntents } from '../environments/project-intents.ts';
import { flagIntents } from '../flags/flag-intents.ts';
import { segmentIntents } from '../segments/segment-intents.ts';
import type { Storage } from '../storage/storage.ts';

/** The one door, with a handler for every intent. */
export function composeCommitter(storage: Storage, feed: ChangeFeed, now: () => number): Committer {
  const handlers = [
    ...projectIntents,
    ...environmentIntents,
    ...flagIntents,
    ...segmentIntents,
    ...keyIntents,
    ...accessIntents,
    ...revertIntents,
  ];
  return createCommitter({ storage, handlers, feed, checkPattern, now });
}
