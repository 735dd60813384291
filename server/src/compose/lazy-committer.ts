import type { ChangeFeed } from '../changes/change-feed.ts';
import type { Committer } from '../changes/committer.ts';
import type { Storage } from '../storage/storage.ts';

/** The one door, loaded with the first change: what SDKs wait for after a restart is only read. */
export function createLazyCommitter(storage: Storage, feed: ChangeFeed, now: () => number): Committer {
  let loading: Promise<Committer> | undefined;
  const load = async (): Promise<Committer> => {
    const { composeCommitter } = await import('./create-committer.ts');
    return composeCommitter(storage, feed, now);
  };
  return { commit: async (request) => (await (loading ??= load())).commit(request) };
}
