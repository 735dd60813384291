import type { SnapshotReason } from '@dimmer/core/protocol';
import type { WireValue } from './value-entry.ts';

/** Where one browser's values stand. */
export interface ValueHead {
  readonly version: number;
  readonly cursor: string;
  readonly digest: string;
  readonly contextGeneration: number;
}

/** Largest part of a snapshot, in UTF-16 units of its entries. */
const PART_SIZE = 240_000;

/** The messages of a snapshot of all values. */
export function snapshotTexts(
  head: ValueHead,
  values: ReadonlyMap<string, WireValue>,
  reason?: SnapshotReason,
  partSize: number = PART_SIZE,
): string[] {
  const parts = partsOf(values, partSize);
  const why = reason === undefined ? '' : `"reason":${JSON.stringify(reason)},`;
  return parts.map(
    (entries, at) =>
      `{"type":"snapshot","version":${head.version},${common(head)},${why}` +
      `"part":${at + 1},"parts":${parts.length},"values":{${entries}}}`,
  );
}

/** The message of what changed since `from`. */
export function deltaText(
  head: ValueHead,
  from: number,
  put: ReadonlyMap<string, WireValue>,
  remove: readonly string[],
): string {
  const entries = [...put].map(entryText).join(',');
  const gone = remove.length === 0 ? '{}' : `{"values":${JSON.stringify(remove)}}`;
  return (
    `{"type":"delta","from":${from},"to":${head.version},${common(head)},` +
    `"put":{"values":{${entries}}},"remove":${gone}}`
  );
}

function common({ cursor, digest, contextGeneration }: ValueHead): string {
  return `"cursor":"${cursor}","digest":"${digest}","contextGeneration":${contextGeneration}`;
}

function partsOf(values: ReadonlyMap<string, WireValue>, partSize: number): string[] {
  const parts: string[] = [];
  let current: string[] = [];
  let size = 0;
  for (const pair of values) {
    const text = entryText(pair);
    if (size + text.length > partSize && current.length > 0) {
      parts.push(current.join(','));
      current = [];
      size = 0;
    }
    current.push(text);
    size += text.length;
  }
  parts.push(current.join(','));
  return parts;
}

function entryText([key, value]: readonly [string, WireValue]): string {
  return `${JSON.stringify(key)}:${value.text}`;
}
