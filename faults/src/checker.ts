/** A state that a client came to hold. */
export interface Sight {
  /** 32 hex digits. */
  readonly epoch: string;
  readonly version: number;
  readonly digest: string;
}

/**
 * The promises that hold whatever happens, checked on everything that a client lives through:
 * its versions never go back inside an epoch, one version has one digest, no evaluation throws, and none comes from
 * the caller's default once there was a live state.
 */
export class Checker {
  readonly #breaches: string[] = [];
  /** Digest by epoch and version, of all clients. */
  readonly #digests = new Map<string, string>();

  /** What was broken, in words; empty: nothing. */
  get breaches(): readonly string[] {
    return this.#breaches;
  }

  /** Begins to watch a client. */
  watch(name: string): Watch {
    return new Watch(name, this.#digests, (breach) => {
      // Enough to find the cause; a breach that repeats must not fill the memory.
      if (this.#breaches.length < 50) this.#breaches.push(`${name}: ${breach}`);
    });
  }
}

/** How much of what a client heard is kept. */
const HEARD = 12;

/** What one client is held to. */
export class Watch {
  readonly name: string;
  readonly #digests: Map<string, string>;
  readonly #breach: (breach: string) => void;
  readonly #heard: string[] = [];
  #last: Sight | undefined;
  #live = false;

  constructor(name: string, digests: Map<string, string>, breach: (breach: string) => void) {
    this.name = name;
    this.#digests = digests;
    this.#breach = breach;
  }

  /** What the client holds now; undefined: nothing yet. */
  get last(): Sight | undefined {
    return this.#last;
  }

  /** Something arrived at the client; the last of it is told with a breach. */
  heard(what: string): void {
    this.#heard.push(what);
    if (this.#heard.length > HEARD) this.#heard.shift();
  }

  /** The client serves another state. */
  saw(sight: Sight): void {
    const { epoch, version, digest } = sight;
    const last = this.#last;
    if (last !== undefined && last.epoch === epoch && version < last.version) {
      this.#breach(
        `went back from version ${last.version} to ${version} of one epoch, after ${this.#heard.join('; ')}`,
      );
    }
    const name = `${epoch} ${version}`;
    const known = this.#digests.get(name);
    if (known === undefined) this.#digests.set(name, digest);
    else if (known !== digest) this.#breach(`holds version ${version} with ${digest}, another client with ${known}`);
    this.#last = sight;
    this.#live = true;
  }

  /** An evaluation ended: with a reason, or with what it threw. */
  evaluated(
    outcome: { readonly reason: string; readonly errorCode?: string | undefined } | { readonly threw: unknown },
  ): void {
    if ('threw' in outcome) this.#breach(`an evaluation threw ${String(outcome.threw)}`);
    else if (this.#live && outcome.reason === 'ERROR') {
      this.#breach(`an evaluation gave the caller's default (${outcome.errorCode ?? 'no code'})`);
    }
  }
}

/** All clients together at one moment. */
export interface Tally {
  /** How many there are. */
  readonly clients: number;
  /** How many are live. */
  readonly live: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** Each digest held by somebody, once. */
  readonly digests: readonly string[];
  readonly breaches: readonly string[];
}

/** The tallies of several processes as one. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    clients: sum(tallies, ({ clients }) => clients),
    live: sum(tallies, ({ live }) => live),
    minVersion: Math.min(...tallies.map(({ minVersion }) => minVersion)),
    maxVersion: Math.max(...tallies.map(({ maxVersion }) => maxVersion)),
    digests: [...new Set(tallies.flatMap(({ digests }) => digests))],
    breaches: tallies.flatMap(({ breaches }) => breaches),
  };
}

/** What is missing to a world at rest, in which everybody is live and holds the server's head; undefined: nothing. */
export function unrest(tally: Tally, head: Pick<Sight, 'version' | 'digest'>): string | undefined {
  const { clients, live, minVersion, maxVersion, digests } = tally;
  if (live < clients) return `${live} of ${clients} are live`;
  if (minVersion !== head.version || maxVersion !== head.version) {
    return `versions from ${minVersion} to ${maxVersion} are held, the head is ${head.version}`;
  }
  if (digests.length !== 1 || digests[0] !== head.digest) return `digests ${digests.join(', ')}, not ${head.digest}`;
  return undefined;
}

function sum(tallies: readonly Tally[], of: (tally: Tally) => number): number {
  return tallies.reduce((total, tally) => total + of(tally), 0);
}
