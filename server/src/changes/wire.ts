import { hash } from 'node:crypto';
import type { Flag, Segment } from '@dimmer/core/model';
import type { FlagRow, SettingsRow } from '../storage/flag-store.ts';
import type { ObjectKind, ObjectRow } from '../storage/object-store.ts';
import { canonicalJson } from './etag.ts';

/** What a server SDK gets of a flag in one environment. Members that say nothing are left out. */
export function toWireFlag(flag: FlagRow, settings: SettingsRow): Flag {
  return {
    type: flag.type,
    variants: flag.variants,
    enabled: settings.enabled,
    ...(settings.off !== null && { off: settings.off }),
    ...(settings.rules.length > 0 && { rules: settings.rules }),
    ...(settings.default !== null && { default: settings.default }),
    ...(flag.clientVisible && { clientVisible: true }),
    ...(Object.keys(flag.metadata).length > 0 && { metadata: flag.metadata }),
  };
}

/** An object with its canonical text and its share of the digest: the first 8 bytes of SHA-256 of `[kind, key, object]`. */
export function toObjectRow(kind: ObjectKind, key: string, definition: Flag | Segment): ObjectRow {
  const def = canonicalJson(definition);
  return { kind, key, h: objectHash(kind, key, def), def };
}

/** The share of the digest that an object has, from its canonical text. */
export function objectHash(kind: ObjectKind, key: string, def: string): string {
  // The canonical JSON of an array is that of its members.
  return hash('sha256', `["${kind}",${JSON.stringify(key)},${def}]`, 'hex').slice(0, 16);
}

/** An entry as it stands in snapshots, deltas and the log. Keys need no escapes. */
export function entryText(key: string, h: string, def: string): string {
  return `"${key}":{"def":${def},"h":"${h}"}`;
}

/** Bytes that an object takes in a snapshot: `"key":{"def":…,"h":"…"},`. */
export function entryBytes({ key, def }: Pick<ObjectRow, 'key' | 'def'>): number {
  return key.length + Buffer.byteLength(def) + ENTRY_FRAME;
}

const ENTRY_FRAME = '"":{"def":,"h":"0123456789abcdef"},'.length;

/** Canonical JSON `{"flags"?: {key: entry}, "segments"?: …}` of rows that are sorted by key. */
export function putText(rows: readonly ObjectRow[]): string {
  const of = (kind: ObjectKind, name: string): string[] => {
    const entries = rows.filter((row) => row.kind === kind).map(({ key, h, def }) => entryText(key, h, def));
    return entries.length > 0 ? [`"${name}":{${entries.join(',')}}`] : [];
  };
  return `{${[...of('flag', 'flags'), ...of('segment', 'segments')].join(',')}}`;
}

/** Canonical JSON `{"flags"?: [key], "segments"?: [key]}` of rows that are sorted by key. */
export function removeText(rows: readonly Pick<ObjectRow, 'kind' | 'key'>[]): string {
  const of = (kind: ObjectKind, name: string): string[] => {
    const keys = rows.filter((row) => row.kind === kind).map((row) => `"${row.key}"`);
    return keys.length > 0 ? [`"${name}":[${keys.join(',')}]`] : [];
  };
  return `{${[...of('flag', 'flags'), ...of('segment', 'segments')].join(',')}}`;
}

/** The order of keys in everything written: RFC 8785's, which for our keys is that of their characters. */
export function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
