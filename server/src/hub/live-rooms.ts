import type { LiveMessage } from '@dimmer/core/api';
import { CLOSE } from '@dimmer/core/protocol';
import type { ChangeEvent } from '../changes/change-feed.ts';
import type { LiveFeedDeps } from './live-deps.ts';
import { readProject, toChangeMessage } from './live-messages.ts';
import type { Watcher } from './live-upgrade.ts';
import type { Progress } from './receipts.ts';

interface Room {
  readonly watchers: Set<Watcher>;
  /** Changes are read from the database one after the other, so that they come in order. */
  queue: Promise<void>;
  /** The counts sent last, as JSON. */
  instances: string;
}

/** A page that has this much unread is better off asking anew. */
const MAX_BUFFERED = 1_048_576;

/** Who watches which project, and what they are told. */
export class LiveRooms {
  readonly #deps: LiveFeedDeps;
  readonly #rooms = new Map<string, Room>();
  /** Versions whose receipts have grown since they were last shown. */
  readonly #grown = new Map<string, Progress>();
  #usage: number;
  #closed = false;

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
    this.#usage = deps.hub.stats.usage;
  }

  async join(watcher: Watcher): Promise<void> {
    const { socket, project } = watcher;
    socket.on('error', () => {});
    const { versions, instances } = await readProject(this.#deps, project);
    if (this.#closed) return socket.close(CLOSE.drain, 'going away');
    // Gone while the project was read: the close that would take it out of the room has been.
    if (socket.readyState !== socket.OPEN) return;
    // From here to the registration nothing waits: what happens next is heard.
    const room = this.#rooms.get(project) ?? { watchers: new Set(), queue: Promise.resolve(), instances: '' };
    this.#rooms.set(project, room);
    room.watchers.add(watcher);
    socket.on('close', () => {
      room.watchers.delete(watcher);
      if (room.watchers.size === 0 && this.#rooms.get(project) === room) this.#rooms.delete(project);
    });
    const hello: LiveMessage = { type: 'hello', versions: versions(), instances: instances() };
    write(watcher, JSON.stringify(hello));
  }

  /** Shows a change once everything before it was shown. */
  change(event: ChangeEvent): void {
    const { projectKey } = event;
    const room = projectKey === null ? undefined : this.#rooms.get(projectKey);
    if (room === undefined || projectKey === null) return;
    room.queue = room.queue.then(async () => {
      try {
        send(room, await toChangeMessage(this.#deps, projectKey, event));
      } catch (error) {
        this.#deps.log.warn({ error }, 'a change could not be shown live');
        // They come again, and then ask for everything.
        for (const { socket } of room.watchers) socket.terminate();
      }
    });
  }

  /** Receipts that only grow can wait for the next tick; beginning, end and lateness cannot. */
  progress(progress: Progress): void {
    if (this.#rooms.size === 0) return;
    if (progress.phase === 'receipt') this.#grown.set(`${progress.environmentId}:${progress.version}`, progress);
    else this.#showReceipts(progress);
  }

  showGrownReceipts(): void {
    for (const progress of this.#grown.values()) this.#showReceipts(progress);
    this.#grown.clear();
  }

  async showInstances(): Promise<void> {
    for (const [project, room] of this.#rooms) {
      const instances = (await readProject(this.#deps, project)).instances();
      const text = JSON.stringify(instances);
      if (text === room.instances) continue;
      room.instances = text;
      send(room, { type: 'instances', instances });
    }
  }

  beat(): void {
    const { usage } = this.#deps.hub.stats;
    const isStale = usage !== this.#usage;
    this.#usage = usage;
    for (const room of this.#rooms.values()) {
      send(room, { type: 'heartbeat' });
      if (isStale) send(room, { type: 'stale', what: 'usage' });
    }
  }

  /** Sends away whose session has ended. */
  async reauthorise(): Promise<void> {
    for (const { watchers } of this.#rooms.values()) {
      for (const { socket, isStillAllowed } of watchers) {
        // While the database does not answer, who was allowed a minute ago goes on watching.
        if (!(await isStillAllowed().catch(() => true))) socket.close(CLOSE.key, 'no longer signed in');
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const { watchers } of this.#rooms.values()) {
      for (const { socket } of watchers) {
        socket.close(CLOSE.drain, 'going away');
        setImmediate(() => socket.terminate());
      }
    }
  }

  #showReceipts(progress: Progress): void {
    const environment = this.#deps.source.environments().find(({ id }) => id === progress.environmentId);
    const room = environment && this.#rooms.get(environment.projectKey);
    const receipts = room && this.#deps.hub.receipts.live(progress);
    if (!room || !receipts) return;
    send(room, { type: 'receipts', environment: environment.key, version: progress.version, receipts });
  }
}

function send(room: Room, message: LiveMessage): void {
  const text = JSON.stringify(message);
  for (const watcher of room.watchers) write(watcher, text);
}

function write({ socket }: Watcher, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BUFFERED) return socket.terminate();
  socket.send(text);
}
