import type { Receipts } from '@dimmer/core/api';
import type { Clock } from './clock.ts';
import type { Instances } from './instances.ts';

/** For how long an instance that left counts as one that should be there. */
const AWAY_MS = 300_000;
/** For how long after a start instances are taken to be on their way back. */
const RETURN_MS = 120_000;

/** Who is not counted because it is not connected: without a word, "1 of 1" would look like everybody. */
export class Absence {
  readonly #clock: Clock;
  readonly #instances: Instances;
  readonly #elsewhere: (environmentId: string) => number;
  readonly #startedAt: number;
  #elder: ReadonlySet<string> = new Set();

  /** `elsewhere`: how many other servers miss. */
  constructor(clock: Clock, instances: Instances, elsewhere: (environmentId: string) => number) {
    this.#clock = clock;
    this.#elsewhere = elsewhere;
    this.#instances = instances;
    this.#startedAt = clock.monotonic();
  }

  /** Tells which environments are older than this process: they may have instances that it has not seen yet. */
  expectBack(environmentIds: ReadonlySet<string>): void {
    this.#elder = environmentIds;
  }

  /** How many left here and have not come back. */
  here(environmentId: string): number {
    return this.#instances.away(environmentId, AWAY_MS);
  }

  /** What receipts of these environments say of it; nothing when there is nothing to say. */
  of(environmentIds: readonly string[]): Pick<Receipts, 'away' | 'restartedMsAgo'> {
    const away = environmentIds.reduce((sum, id) => sum + this.here(id) + this.#elsewhere(id), 0);
    const upMs = Math.round(this.#clock.monotonic() - this.#startedAt);
    const restarted = upMs < RETURN_MS && environmentIds.some((id) => this.#elder.has(id));
    return { ...(away > 0 && { away }), ...(restarted && { restartedMsAgo: upMs }) };
  }
}
