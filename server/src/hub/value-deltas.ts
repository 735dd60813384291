import type { ValueChange } from './browser-values.ts';
import { deltaText } from './value-frames.ts';
import type { ValueHead } from './value-frames.ts';

/** The bytes of deltas, shared by all browsers that go from the same values to the same values. */
export class ValueDeltas {
  #version = 0;
  #frames = new Map<string, Buffer>();

  /** @param before digest of the values led on from */
  frame(head: ValueHead, from: number, before: string, change: () => ValueChange): Buffer {
    if (head.version !== this.#version) {
      this.#version = head.version;
      this.#frames = new Map();
    }
    const name = `${from}:${head.contextGeneration}:${before}:${head.digest}`;
    const known = this.#frames.get(name);
    if (known !== undefined) return known;
    const { put, remove } = change();
    const frame = Buffer.from(deltaText(head, from, put, remove));
    this.#frames.set(name, frame);
    return frame;
  }
}
