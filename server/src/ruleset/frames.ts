import type { SnapshotReason } from '@dimmer/core/protocol';
import { byKey, entryText } from '../changes/wire.ts';
import type { WireObject } from './ruleset-source.ts';

/** What every frame of a version says. */
export interface FrameHead {
  readonly version: number;
  /** 16 hex digits. */
  readonly digest: string;
  readonly cursor: string;
}

/** Objects by key. */
export interface FrameObjects {
  readonly flags: Iterable<readonly [string, WireObject]>;
  readonly segments: Iterable<readonly [string, WireObject]>;
}

/** Largest part of a snapshot, unless one object alone is larger. */
const PART_BYTES = 256 * 1024;

// Room for everything in a part but its entries: cursor, digest, numbers, reason.
const PART_FRAME_BYTES = 512;

/** Canonical JSON of a delta: the same objects give the same bytes everywhere. */
export function deltaFrame(
  from: number,
  { version, digest, cursor }: FrameHead,
  put: FrameObjects,
  remove: { readonly flags: readonly string[]; readonly segments: readonly string[] },
): Buffer {
  return Buffer.from(
    `{"cursor":"${cursor}","digest":"${digest}","from":${from},"put":${putOf(put)},` +
      `"remove":${removeOf(remove)},"to":${version},"type":"delta"}`,
  );
}

/** Canonical JSON of a snapshot's parts, in order. */
export function snapshotFrames(head: FrameHead, objects: FrameObjects, reason?: SnapshotReason): readonly Buffer[] {
  const parts = pack(objects);
  const why = reason === undefined ? '' : `"reason":"${reason}",`;
  return parts.map(({ flags, segments }, index) =>
    Buffer.from(
      `{"cursor":"${head.cursor}","digest":"${head.digest}","flags":{${flags.join(',')}},"part":${index + 1},` +
        `"parts":${parts.length},${why}"segments":{${segments.join(',')}},"type":"snapshot","version":${head.version}}`,
    ),
  );
}

/** Size of all parts together, from the size of all entries. */
export function snapshotBytes(entryBytes: number): number {
  const parts = Math.max(1, Math.ceil(entryBytes / (PART_BYTES - PART_FRAME_BYTES)));
  return entryBytes + parts * 256;
}

interface Part {
  readonly flags: string[];
  readonly segments: string[];
}

function pack({ flags, segments }: FrameObjects): Part[] {
  let part: Part = { flags: [], segments: [] };
  const parts = [part];
  let room = PART_BYTES - PART_FRAME_BYTES;
  const add = (kind: keyof Part, key: string, object: WireObject): void => {
    const entry = entryText(key, object.h, object.text);
    const bytes = Buffer.byteLength(entry) + 1;
    if (bytes > room && part.flags.length + part.segments.length > 0) {
      part = { flags: [], segments: [] };
      parts.push(part);
      room = PART_BYTES - PART_FRAME_BYTES;
    }
    room -= bytes;
    part[kind].push(entry);
  };
  for (const [key, object] of sorted(flags)) add('flags', key, object);
  for (const [key, object] of sorted(segments)) add('segments', key, object);
  return parts;
}

function putOf({ flags, segments }: FrameObjects): string {
  const members: string[] = [];
  const entries = (objects: FrameObjects['flags']): string[] =>
    sorted(objects).map(([key, { h, text }]) => entryText(key, h, text));
  const [flagEntries, segmentEntries] = [entries(flags), entries(segments)];
  if (flagEntries.length > 0) members.push(`"flags":{${flagEntries.join(',')}}`);
  if (segmentEntries.length > 0) members.push(`"segments":{${segmentEntries.join(',')}}`);
  return `{${members.join(',')}}`;
}

function removeOf({
  flags,
  segments,
}: {
  readonly flags: readonly string[];
  readonly segments: readonly string[];
}): string {
  const members: string[] = [];
  if (flags.length > 0) members.push(`"flags":${JSON.stringify([...flags].sort())}`);
  if (segments.length > 0) members.push(`"segments":${JSON.stringify([...segments].sort())}`);
  return `{${members.join(',')}}`;
}

function sorted(objects: FrameObjects['flags']): (readonly [string, WireObject])[] {
  return [...objects].sort(([a], [b]) => byKey({ key: a }, { key: b }));
}
