import { TimerWheel } from './timer-wheel.ts';

/** Something that must be heard of now and then. */
export interface Beating {
  beat(): void;
  readonly connection: { readonly missedPongs: number };
}

/** How finely heartbeats are spread. */
export const BEAT_TICK_MS = 250;
/** Pings in a row without an answer after which a connection is dead. */
const MISSED_PONGS = 2;
/** Share by which each interval is longer or shorter. */
const JITTER = 0.1;

/** Heartbeats of many connections, each at its own time, so that they do not come in bursts. */
export class Heartbeats<B extends Beating> {
  readonly #wheel: TimerWheel<B>;
  readonly #ticks: number;
  readonly #random: () => number;
  readonly #onDead: (item: B) => void;

  constructor(intervalMs: number, random: () => number, onDead: (item: B) => void) {
    this.#ticks = intervalMs / BEAT_TICK_MS;
    this.#wheel = new TimerWheel(Math.ceil(this.#ticks * (1 + JITTER)) + 2);
    this.#random = random;
    this.#onDead = onDead;
  }

  add(item: B): void {
    this.#wheel.put(item, this.#ticks * (1 - JITTER + 2 * JITTER * this.#random()));
  }

  delete(item: B): void {
    this.#wheel.delete(item);
  }

  /** To be called every `BEAT_TICK_MS`. */
  tick(): void {
    for (const item of this.#wheel.tick()) {
      if (item.connection.missedPongs >= MISSED_PONGS) {
        this.#onDead(item);
        continue;
      }
      item.beat();
      this.add(item);
    }
  }
}
