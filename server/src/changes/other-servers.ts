import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { AnnouncementListener } from '../storage/announcements.ts';
import type { Storage } from '../storage/storage.ts';
import { readAnnouncement } from './announcement.ts';
import type { ChangeFeed } from './change-feed.ts';

/** What it needs. */
export interface OtherServersDeps {
  readonly storage: Pick<Storage, 'read'>;
  readonly feed: Pick<ChangeFeed, 'emitChange' | 'emitKeyRevoked'>;
  /** Reads everything anew. */
  readonly resync: () => Promise<void>;
  readonly log: Log;
}

/** Puts what other servers committed into this server's feed, as if it had been committed here. */
export function hearOtherServers({ storage, feed, resync, log }: OtherServersDeps): AnnouncementListener {
  const lost = async (): Promise<void> => {
    log.warn({}, 'changes of other servers were missed; everything is read anew');
    await resync();
  };
  return {
    lost,
    async heard(text) {
      const commit = await storage
        .read((tx) => readAnnouncement(tx, text))
        .catch((error: unknown) => {
          // While the database does not answer, it is told the same again. What cannot be read never will be.
          if (error instanceof Refusal) throw error;
          log.error({ error }, 'an announcement cannot be read');
        });
      if (!commit) return lost();
      feed.emitChange(commit.change);
      for (const event of commit.revoked) feed.emitKeyRevoked(event);
    },
  };
}
