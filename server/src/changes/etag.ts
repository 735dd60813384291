import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

const serialize = serializer(canonicalize);

/** Something read, with the ETag to send along. */
export interface Read<T> {
  readonly value: T;
  /** In quotes, as it stands in the header. */
  readonly etag: string;
}

/** RFC 8785 JSON; members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new TypeError('Not JSON');
  return text;
}

/** The value with the hash of its canonical JSON as ETag. */
export function withEtag<T>(value: T): Read<T> {
  return { value, etag: etagOf(canonicalJson(value)) };
}

/** The ETag of a text. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** Whether an `If-Match` header allows writing an object with this ETag; undefined: there is none. */
export function ifMatchHolds(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim() === etag);
}

/** Its types describe an ES module while it is a CommonJS one, whose default import is the function itself. */
function isSerializer(imported: unknown): imported is (value: unknown) => string | undefined {
  return typeof imported === 'function';
}

function serializer(imported: unknown): (value: unknown) => string | undefined {
  if (!isSerializer(imported)) throw new TypeError('canonicalize is no function');
  return imported;
}
