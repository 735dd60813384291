import type { AnnouncementListener, Announcements, Following } from '../announcements.ts';
import { createMutex } from '../mutex.ts';

/** One row of the sequence. */
export interface Announcement {
  readonly seq: number;
  readonly text: string;
}

/** What it needs. */
export interface FollowerDeps {
  /** The announcement with this number, if it is still there, and those after it; at most `limit` in all. */
  readonly readFrom: (seq: number, limit: number) => Promise<readonly Announcement[]>;
  readonly newest: () => Promise<number>;
  /** Begins to ring. */
  readonly listen: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** The database has answered. */
  readonly onAnswer: () => void;
  readonly pollMs?: number;
}

const PAGE = 200;
/** Stands before the first. */
const BEGINNING: Announcement = { seq: 0, text: '' };

/**
 * The place of this server in the sequence of announcements. It reads when the doorbell rings, and every second in any
 * case: the doorbell is lost while nobody listens.
 */
export class Follower implements Announcements {
  readonly #deps: FollowerDeps;
  readonly #turns = createMutex();
  #listener: AnnouncementListener | undefined;
  #last = 0;
  #running = false;
  #polling = false;
  #asked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
  }

  async follow(listener: AnnouncementListener): Promise<Following> {
    await this.#deps.listen();
    this.#last = await this.#deps.newest();
    this.#listener = listener;
    const run = (): void => {
      this.#running = true;
      this.#poll();
    };
    return { run, catchUp: () => this.#catchUp() };
  }

  /** Tells an announcement of this server in its turn: after everything before it, and not twice. */
  own(seq: number, tell: () => void): Promise<void> {
    return this.#turns.run(async () => {
      const listener = this.#listener;
      if (!listener) return tell();
      if (seq <= this.#last) return;
      // It is durable and will be told in its turn: that this cannot be now is nobody's failure.
      if (seq > this.#last + 1) return this.#readUp(listener).catch(this.#deps.onError);
      tell();
      this.#last = seq;
    });
  }

  /** There may be something new, up to this number. */
  ring(upTo: number = Number.POSITIVE_INFINITY): void {
    if (upTo <= this.#last) return;
    this.#asked = true;
    if (!this.#polling) this.#schedule(0);
  }

  /** Resolves when nothing is being told any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#listener = undefined;
    clearTimeout(this.#timer);
    await this.#turns.run(async () => {});
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    this.#timer = setTimeout(() => this.#poll(), ms);
    this.#timer.unref();
  }

  #poll(): void {
    const { onAnswer, onError, pollMs = 1000 } = this.#deps;
    this.#polling = true;
    this.#asked = false;
    void this.#catchUp()
      .then(onAnswer, onError)
      .finally(() => {
        this.#polling = false;
        this.#schedule(this.#asked ? 0 : pollMs);
      });
  }

  #catchUp(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#listener) await this.#readUp(this.#listener);
    });
  }

  /** The last one told must still be there: so nothing was cut away, and this is the same sequence. */
  async #readUp(listener: AnnouncementListener): Promise<void> {
    for (;;) {
      const rows = await this.#deps.readFrom(this.#last, PAGE);
      const [anchor, ...news] = this.#last === 0 ? [BEGINNING, ...rows] : rows;
      const isWhole = anchor?.seq === this.#last && news.every(({ seq }, at) => seq === this.#last + at + 1);
      if (!isWhole) return this.#recover(listener);
      for (const { seq, text } of news) {
        await listener.heard(text);
        this.#last = seq;
      }
      if (rows.length < PAGE) return;
    }
  }

  async #recover(listener: AnnouncementListener): Promise<void> {
    const newest = await this.#deps.newest();
    await listener.lost();
    this.#last = newest;
  }
}
