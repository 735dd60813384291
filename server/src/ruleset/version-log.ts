import type { RulesetStep } from './ruleset-source.ts';
import type { Touched } from './touched.ts';

interface Entry {
  readonly version: number;
  readonly digest: string;
  readonly step: RulesetStep;
  /** About what it takes in memory. */
  readonly bytes: number;
}

const MAX_VERSIONS = 1000;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The last versions of one environment in memory: what each touched, and its digest. What the objects became need
 * not be kept, because the head has it.
 */
export class VersionLog {
  #entries: Entry[] = [];
  #bytes = 0;

  add(version: number, digest: string, step: RulesetStep): void {
    const keys = [step.put.flags, step.put.segments, step.remove.flags, step.remove.segments].flat();
    const bytes = keys.reduce((sum, key) => sum + key.length + 16, 128);
    this.#entries.push({ version, digest, step, bytes });
    this.#bytes += bytes;
    while (this.#entries.length > MAX_VERSIONS || (this.#bytes > MAX_BYTES && this.#entries.length > 1)) {
      this.#bytes -= this.#entries.shift()?.bytes ?? 0;
    }
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }

  digestAt(version: number): string | undefined {
    return this.#entries[this.#indexOf(version)]?.digest;
  }

  /** Adds what all versions above this one touched; false when some of them are not here. */
  addTouchedSince(version: number, touched: Touched): boolean {
    const first = this.#indexOf(version + 1);
    if (first < 0) return false;
    for (const { step } of this.#entries.slice(first)) {
      for (const kind of ['flags', 'segments'] as const) {
        for (const key of step.put[kind]) touched[kind].add(key);
        for (const key of step.remove[kind]) touched[kind].add(key);
      }
    }
    return true;
  }

  /** Versions follow each other without gaps. */
  #indexOf(version: number): number {
    const first = this.#entries[0];
    const index = first ? version - first.version : -1;
    return index >= 0 && index < this.#entries.length ? index : -1;
  }
}
