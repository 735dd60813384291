import type { SpreadLate } from '@dimmer/core/protocol';

/** Somebody who counts receipts of instances that are not connected here: an edge, or another server. */
export interface Peer {
  /** Unique; of an edge its instance id. */
  readonly name: string;
  /** The only environment it counts in; undefined: all. */
  readonly environmentId?: string | undefined;
  /** Its times begin when a version reaches it, because it does not know when that was committed. */
  readonly timesFromArrival?: boolean;
  /** How it is named while it has said nothing about a version. */
  readonly late?: Omit<SpreadLate, 'version'> | undefined;
}

/** How many clients a peer has. */
export interface Presence {
  readonly connected: number;
  readonly polling: number;
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
    for (const presence of this.#presence.values()) presence.delete(name);
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

  /** Clients of all peers together, or of one. */
  presence(environmentId: string, name?: string): Presence {
    let [connected, polling] = [0, 0];
    for (const [peer, each] of this.#presence.get(environmentId) ?? []) {
      if (name !== undefined && peer !== name) continue;
      connected += each.connected;
      polling += each.polling;
    }
    return { connected, polling };
  }
}
