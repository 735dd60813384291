import type { Duplex } from 'node:stream';
import type { Admission } from './admission.ts';

/**
 * What one connection takes up in the counts of admission, from its handshake on. Each part is given back once, by
 * whoever comes first; all of it when the connection closes. One object for all of that, because every connection
 * keeps one.
 */
export class Place {
  readonly #admission: Admission;
  readonly #address: string;
  #keyId: string | null = null;
  #isSettled = false;
  #hasLeft = false;

  private constructor(admission: Admission, address: string) {
    this.#admission = admission;
    this.#address = address;
  }

  /** Of a connection that has just been let in from an address. */
  static of(wire: Duplex, admission: Admission, address: string): Place {
    const place = new Place(admission, address);
    // Made here, where nothing but the place can be kept by it.
    wire.on('close', () => place.leave());
    return place;
  }

  /** Its handshake is over. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#admission.settle(this.#address);
  }

  /** It counts for a key, whose admission was asked before. */
  enterKey(keyId: string): void {
    this.#keyId = keyId;
  }

  leaveKey(): void {
    if (this.#keyId === null) return;
    this.#admission.leaveKey(this.#keyId);
    this.#keyId = null;
  }

  leave(): void {
    this.settle();
    this.leaveKey();
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#admission.leave(this.#address);
  }
}
