import type { Result } from '@dimmer/core/evaluation';
import type { Flag, Meta } from '@dimmer/core/model';
import type { ValueEntry } from '@dimmer/core/protocol';
import { createHash } from 'node:crypto';
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
  const { value, variant, reason, errorCode } = result;
  const metadata = metadataOf(flag, variant);
  const entry: Omit<ValueEntry, 'h'> = {
    ...(value !== undefined && { value }),
    ...(variant !== undefined && { variant }),
    reason,
    ...(errorCode !== undefined && { errorCode }),
    ...(metadata !== undefined && { metadata }),
  };
  const hash = createHash('sha256')
    .update(canonicalJson(['value', key, entry]))
    .digest('hex');
  const h = hash.slice(0, 16);
  return { h, text: JSON.stringify({ h, ...entry }) };
}

/** Of the flag and the variant only: that of rules and arms would tell which one decided. */
export function metadataOf(flag: Flag, variant: string | undefined): Meta | undefined {
  const ofVariant =
    variant !== undefined && Object.hasOwn(flag.variants, variant) ? flag.variants[variant]?.metadata : undefined;
  if (flag.metadata === undefined && ofVariant === undefined) return undefined;
  return { ...flag.metadata, ...ofVariant };
}
