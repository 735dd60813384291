import type { SpreadLate } from '@dimmer/core/protocol';

/** Somebody who counts receipts of instances that are not connected here: an edge, or another server. */
export interface Peer {
  /** Unique; of an edge its instance id. */
  readonly name: string;
  /** The only environment it counts in; undefined: all. */
  readonly environmentId?: string | undefined;
  /** Another server on the same database: it is asked for its own count like this one, and so not told of in ours. */
  readonly isServer?: boolean;
  /** Its times begin when a version reaches it, because it does not know when that was committed. */
  readonly timesFromArrival?: boolean;
  /** How it is named while it has said nothing about a version. */
  readonly late?: Omit<SpreadLate, 'version'> | undefined;
}

/** How many clients a peer has. */
export interface Presence {
  readonly connected: number;
  readonly polling: number;
  /** Server instances that left lately and are nowhere else. */
  readonly away?: number;
}

/** The peers there are now. */
export class Peers {
  readonly #all = new Map<string, Peer>();
  /** By environment, then by peer. */
  readonly #presence = new Map<string, Map<string, Presence>>();

  join(peer: Peer): void {
    this.#all.set(peer.name, peer);
  }

  leave(name: string): void {
    this.#all.delete(name);
    for (const [environmentId, presence] of this.#presence) {
      presence.delete(name);
      if (presence.size === 0) this.#presence.delete(environmentId);
    }
  }

  /** Those that count in an environment. */
  of(environmentId: string): Peer[] {
    return [...this.#all.values()].filter((peer) => (peer.environmentId ?? environmentId) === environmentId);
  }

  get(name: string): Peer | undefined {
    return this.#all.get(name);
  }

  setPresence(name: string, environmentId: string, presence: Presence): void {
    if (!this.#all.has(name)) return;
    const known = this.#presence.get(environmentId) ?? new Map<string, Presence>();
    known.set(name, presence);
    this.#presence.set(environmentId, known);
  }

  /** The environments in which peers have clients. */
  environments(): Iterable<string> {
    return this.#presence.keys();
  }

  /** Clients of those peers together that are asked for; default: of all. */
  presence(environmentId: string, isAskedFor: (peer: Peer) => boolean = () => true): Required<Presence> {
    let [connected, polling, away] = [0, 0, 0];
    for (const [name, each] of this.#presence.get(environmentId) ?? []) {
      const peer = this.#all.get(name);
      if (peer === undefined || !isAskedFor(peer)) continue;
      connected += each.connected;
      polling += each.polling;
      away += each.away ?? 0;
    }
    return { connected, polling, away };
  }
}
