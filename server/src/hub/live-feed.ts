import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Drainable } from '../service.ts';
import { every, SYSTEM_CLOCK } from './clock.ts';
import type { LiveFeedDeps } from './live-deps.ts';
import { LiveRooms } from './live-rooms.ts';
import { createLiveUpgrade } from './live-upgrade.ts';

/** The feed of the admin UI over `WS /api/v1/live?project=KEY`. */
export interface LiveFeed extends Drainable {
  /** Takes the upgrade requests of its address; false for all others. */
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): boolean;
}

const RECEIPTS_MS = 250;
const INSTANCES_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const REAUTHORISE_MS = 60_000;

/** Tells pages of a project what happens to it: changes, receipts arriving, instances coming and going. */
export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const clock = deps.clock ?? SYSTEM_CLOCK;
  const rooms = new LiveRooms(deps);
  const ends: (() => void)[] = [];
  const warn = (error: unknown): void => deps.log.warn({ error }, 'the live feed stumbled');
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0)) end();
    rooms.close();
  };
  return {
    handleUpgrade: createLiveUpgrade(deps, (watcher) => rooms.join(watcher)),
    async run() {
      ends.push(
        deps.feed.onChange((event) => rooms.change(event)),
        deps.hub.receipts.onProgress((progress) => rooms.progress(progress)),
        every(clock, RECEIPTS_MS, () => rooms.showGrownReceipts()),
        every(clock, INSTANCES_MS, () => void rooms.showInstances().catch(warn)),
        every(clock, HEARTBEAT_MS, () => rooms.beat()),
        every(clock, REAUTHORISE_MS, () => void rooms.reauthorise().catch(warn)),
      );
    },
    drain: close,
    stop: close,
  };
}
