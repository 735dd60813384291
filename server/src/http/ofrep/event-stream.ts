import type { EventSubscription } from '../../hub/event-streams.ts';
import type { OfrepDeps } from '../app-deps.ts';
import { tooMany } from '../problem.ts';
import { HEARTBEAT, toNotice, versionTag } from './notices.ts';

const HEARTBEAT_MS = 15_000;

/** A client that takes nothing off this many notices is not reading. */
const MAX_WAITING = 64;

/** When to try again for a place among the streams of a key or an address. */
const FULL_MS = 5_000;

/** What a stream is for. */
export type Listener = Pick<
  EventSubscription,
  'environmentId' | 'onlyVisible' | 'keyId' | 'kind' | 'address' | 'expiresAt'
>;

/**
 * The notices of one client. It begins with one about the head, unless the client says that it has heard of that:
 * what changed between its last answer and this moment would otherwise go unseen until the next change.
 * @throws {HttpRefusal} 429 when there are as many of its key or address as may be.
 */
export async function openEventStream(
  { source, hub }: Pick<OfrepDeps, 'source' | 'hub'>,
  listener: Listener,
  lastEventId: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const head = await source.head(listener.environmentId);
  let close = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) <= 0) return end();
          controller.enqueue(encoder.encode(text));
        };
        const unsubscribe = hub.events.subscribe({
          ...listener,
          onVersion: (version) => send(toNotice(source.epoch, version)),
          onEnd: () => end(),
        });
        if (unsubscribe === undefined)
          throw tooMany('There are too many event streams of this key or address.', FULL_MS);
        const timer = setInterval(() => send(HEARTBEAT), HEARTBEAT_MS);
        timer.unref();
        close = () => {
          clearInterval(timer);
          unsubscribe();
        };
        const end = (): void => {
          close();
          controller.close();
        };
        // Reading the head and subscribing happen without a pause in between, so that no version falls between them.
        const newest = source.peek(listener.environmentId) ?? head;
        send('retry: 2000\n\n');
        if (lastEventId !== versionTag(source.epoch, newest.version)) send(toNotice(source.epoch, newest));
      },
      cancel: () => close(),
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  );
}
