import type { Entries, ValueEntry } from '@dimmer/core/protocol';
import type { State } from '@dimmer/core/replica';
import type { ValueCache } from './options.ts';

/** How much of the browser's storage to use, and for how long. */
export interface LocalCacheOptions {
  /** For how many contexts values are kept, those used last; default 5. */
  readonly contexts?: number;
  /** Age at which values are of no use any more, in ms; default 7 days. */
  readonly maxAgeMs?: number;
}

/** The values of the last contexts, in `localStorage`. */
export interface LocalCache extends ValueCache {
  /** Wipes everything that any client has kept here, as when somebody signs out. */
  clear(): void;
}

/** What is kept, after the time at which it was. */
interface Kept {
  readonly version: number;
  readonly digest: string;
  readonly cursor?: string | undefined;
  readonly values: Entries<ValueEntry>;
}

/** Every key of ours begins with it. */
const PREFIX = 'dimmer.values.';

/** Longest text that is kept for one context, in UTF-16 units: browsers give an origin about five million in all. */
const MAX_LENGTH = 500_000;

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Makes a cache in `localStorage`, so that a page has values before it has connected. Storage that is full, blocked or
 * damaged is as good as none: nothing here throws. What is kept says neither the key nor the context it is for.
 */
export function createLocalCache({ contexts = 5, maxAgeMs = WEEK_MS }: LocalCacheOptions = {}): LocalCache {
  return {
    load: (owner) =>
      attempt(() => {
        const text = localStorage.getItem(PREFIX + owner) ?? '';
        return Math.abs(Date.now() - Number.parseInt(text, 10)) <= maxAgeMs ? parse(text) : undefined;
      }),
    save(owner, { version, digest, cursor, tables }) {
      if (!version) return;
      attempt(() => {
        const kept: Kept = { version, digest, cursor, values: Object.fromEntries(tables.values) };
        const text = `${Date.now()} ${JSON.stringify(kept)}`;
        const others = ours().filter((key) => key !== PREFIX + owner);
        const oldest = others.sort((a, b) => savedAt(b) - savedAt(a)).slice(contexts - 1);
        // Its own first, because there may be no room for both, and what is old is worse than nothing.
        for (const key of [PREFIX + owner, ...oldest]) localStorage.removeItem(key);
        if (text.length <= MAX_LENGTH) localStorage.setItem(PREFIX + owner, text);
      });
    },
    clear() {
      attempt(() => {
        for (const key of ours()) localStorage.removeItem(key);
      });
    },
  };
}

/** Undefined when the storage does not let us. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

const ours = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

const savedAt = (key: string): number => Number.parseInt(localStorage.getItem(key) ?? '0', 10);

/** Throws for a text that is not ours. */
function parse(text: string): State<'values'> {
  const { values, ...state }: Kept = JSON.parse(text.slice(text.indexOf(' ')));
  return { ...state, generation: 1, tables: { values: new Map(Object.entries(values)) } };
}
