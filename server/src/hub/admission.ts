/** A rate with a burst: takes one at a time, says how long until the next. Time is passed in, in milliseconds. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one; false when there is none. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until one can be taken. */
  waitMs(): number {
    return Math.max(0, Math.ceil((1 - this.#tokens) / this.#perMs));
  }

  /** Full again: forgetting it changes nothing. */
  isFull(now: number): boolean {
    return this.#tokens + (now - this.#at) * this.#perMs >= this.#burst;
  }
}

/** How many of each name there are, with a cap. */
export class Caps {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  isFull(name: string): boolean {
    return (this.#counts.get(name) ?? 0) >= this.#max;
  }

  enter(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  leave(name: string): void {
    const left = (this.#counts.get(name) ?? 0) - 1;
    if (left > 0) this.#counts.set(name, left);
    else this.#counts.delete(name);
  }
}

/** The same rate for each name by itself. */
class Rates {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  take(name: string, now: number): Verdict {
    const bucket = this.#bucketOf(name, now);
    return bucket.take(now) ? ADMITTED : { admitted: false, retryAfterMs: 1_000 + bucket.waitMs() };
  }

  #bucketOf(name: string, now: number): TokenBucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    if (this.#buckets.size >= KEPT_BUCKETS) {
      for (const [other, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(other);
    }
    const made = new TokenBucket(this.#perSecond, this.#burst, now);
    this.#buckets.set(name, made);
    return made;
  }
}

/** Sizes of admission; see `HubLimits`. */
export interface AdmissionLimits {
  readonly handshakesPerSecond: number;
  readonly handshakeBurst: number;
  readonly handshakesInFlight: number;
  readonly handshakesInFlightPerAddress: number;
  readonly connectionsPerAddress: number;
  readonly connectionsPerKey: number;
  readonly handshakesPerSecondPerKey: number;
  readonly handshakeBurstPerKey: number;
  readonly requestsPerSecondPerKey: number;
  readonly requestBurstPerKey: number;
}

/** Whether one more may come in, or when to ask again. */
export type Verdict = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterMs: number };

const ADMITTED: Verdict = { admitted: true };
const FULL: Verdict = { admitted: false, retryAfterMs: 5_000 };
/** Buckets of keys that have come to rest are forgotten once there are this many. */
const KEPT_BUCKETS = 1_000;

/** Who may open a connection now: first by address, before anything is known, then by key. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #rate: TokenBucket;
  readonly #addresses: Caps;
  readonly #arriving: Caps;
  readonly #keys: Caps;
  readonly #handshakes: Rates;
  readonly #requests: Rates;
  #inFlight = 0;

  constructor(limits: AdmissionLimits, now: number) {
    this.#limits = limits;
    this.#rate = new TokenBucket(limits.handshakesPerSecond, limits.handshakeBurst, now);
    this.#addresses = new Caps(limits.connectionsPerAddress);
    this.#arriving = new Caps(limits.handshakesInFlightPerAddress);
    this.#keys = new Caps(limits.connectionsPerKey);
    this.#handshakes = new Rates(limits.handshakesPerSecondPerKey, limits.handshakeBurstPerKey);
    this.#requests = new Rates(limits.requestsPerSecondPerKey, limits.requestBurstPerKey);
  }

  /** A handshake begins. When admitted, `settle` follows once it is over and `leave` once the connection is. */
  knock(address: string, now: number): Verdict {
    if (this.#inFlight >= this.#limits.handshakesInFlight) return FULL;
    if (this.#addresses.isFull(address) || this.#arriving.isFull(address)) return FULL;
    if (!this.#rate.take(now)) return { admitted: false, retryAfterMs: 1_000 + this.#rate.waitMs() };
    this.#inFlight += 1;
    this.#addresses.enter(address);
    this.#arriving.enter(address);
    return ADMITTED;
  }

  settle(address: string): void {
    this.#inFlight -= 1;
    this.#arriving.leave(address);
  }

  leave(address: string): void {
    this.#addresses.leave(address);
  }

  /** The key of an admitted handshake is known. When admitted, `leaveKey` follows. */
  knockKey(key: string, now: number): Verdict {
    if (this.#keys.isFull(key)) return FULL;
    const verdict = this.#handshakes.take(key, now);
    if (verdict.admitted) this.#keys.enter(key);
    return verdict;
  }

  leaveKey(key: string): void {
    this.#keys.leave(key);
  }

  /** Somebody with this key asks over plain HTTP; nothing follows. */
  knockRequest(key: string, now: number): Verdict {
    return this.#requests.take(key, now);
  }
}
