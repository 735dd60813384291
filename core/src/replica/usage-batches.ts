import type { UsageCounts } from '../evaluation/usage.ts';

type Count = UsageCounts['counts'][string] | number;

/**
 * Cuts usage into batches that each make a message of at most `maxBytes`. A single key that is too long for one is
 * dropped, because a message that is too large would end the connection, this one and each that follows.
 */
export function usageBatches({ counts, unknown }: UsageCounts, maxBytes: number): UsageCounts[] {
  return cut([...Object.entries(counts), ...Object.entries(unknown)], maxBytes);
}

function cut(entries: readonly (readonly [string, Count])[], maxBytes: number): UsageCounts[] {
  if (entries.length === 0) return [];
  // A character is at most three bytes; 256 are left for what surrounds the counts.
  if (3 * JSON.stringify(entries).length < maxBytes - 256) return [toUsage(entries)];
  if (entries.length === 1) return [];
  const half = entries.length >> 1;
  return [...cut(entries.slice(0, half), maxBytes), ...cut(entries.slice(half), maxBytes)];
}

function toUsage(entries: readonly (readonly [string, Count])[]): UsageCounts {
  const counts: Record<string, UsageCounts['counts'][string]> = {};
  const unknown: Record<string, number> = {};
  for (const [key, count] of entries) {
    if (typeof count === 'number') unknown[key] = count;
    else counts[key] = count;
  }
  return { counts, unknown };
}
