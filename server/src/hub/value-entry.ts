import { createHash } from 'node:crypto';
import type { Result } from '@dimmer/core/evaluation';
import type { Flag } from '@dimmer/core/model';
import { valueEntry } from '@dimmer/core/protocol';
import { canonicalJson } from '../changes/etag.ts';

/** A value as it goes over the wire. Shared by all sockets that see it. */
export interface WireValue {
  /** 16 hex digits. */
  readonly h: string;
  /** JSON of the `ValueEntry`. */
  readonly text: string;
}

/** What a browser is told of a result: the value, and of the flag's rules nothing. */
export function toWireValue(key: string, result: Result, flag: Flag): WireValue {
  const entry = valueEntry(key, result, flag, hashNamed);
  return { h: entry.h, text: JSON.stringify(entry) };
}

function hashNamed(named: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(named)).digest('hex').slice(0, 16);
}
