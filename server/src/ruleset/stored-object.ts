import type { Flag, Segment } from '@dimmer/core/model';
import type { WireObject } from './ruleset-source.ts';

/** An object as stored, shared by all versions it is the same in, and parsed at most once for all of them. */
export class StoredObject<T extends Flag | Segment> implements WireObject {
  readonly h: string;
  readonly text: string;
  #definition: T | undefined;

  constructor(h: string, text: string) {
    this.h = h;
    this.text = text;
  }

  /** What the one door checked before it was stored. */
  get definition(): T {
    if (this.#definition === undefined) {
      const parsed: T = JSON.parse(this.text);
      this.#definition = Object.freeze(parsed);
    }
    return this.#definition;
  }
}
