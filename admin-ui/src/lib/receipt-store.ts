import type { Receipts } from '@dimmer/core/api';

/** How versions spread, as the feed tells it; one subscription per version of an environment. */
export class ReceiptStore {
  readonly #receipts = new Map<string, Receipts>();
  readonly #listeners = new Map<string, Set<() => void>>();

  put(environment: string, version: number, receipts: Receipts): void {
    const id = versionId(environment, version);
    this.#receipts.delete(id);
    this.#receipts.set(id, receipts);
    const oldest = this.#receipts.keys().next().value;
    if (this.#receipts.size > REMEMBERED && oldest !== undefined) this.#receipts.delete(oldest);
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
  }

  get(environment: string, version: number): Receipts | undefined {
    return this.#receipts.get(versionId(environment, version));
  }

  subscribe(environment: string, version: number, listener: () => void): () => void {
    const id = versionId(environment, version);
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }
}

const REMEMBERED = 200;

function versionId(environment: string, version: number): string {
  return `${environment}\n${version}`;
}
