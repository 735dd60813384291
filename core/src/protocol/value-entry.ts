import type { Result } from '../evaluation/result.ts';
import type { Flag } from '../model/flag.ts';
import type { Meta } from '../model/json.ts';
import type { ValueEntry } from './entry.ts';

/** Hashes what has a name: first 8 bytes, as 16 hex digits, of SHA-256 over the RFC 8785 JSON of it. */
export type HashNamed = (named: readonly [kind: 'flag' | 'segment' | 'value', key: string, object: object]) => string;

/**
 * What a browser is told of a flag's result: the value, and of the rules nothing. Whoever makes values makes them here,
 * so that a page's bootstrap and the server agree in every `h`.
 */
export function valueEntry(key: string, result: Result, flag: Flag, hash: HashNamed): ValueEntry {
  const { value, variant, reason, errorCode } = result;
  const metadata = visibleMetadata(flag, variant);
  const entry: Omit<ValueEntry, 'h'> = {
    ...(value !== undefined && { value }),
    ...(variant !== undefined && { variant }),
    reason,
    ...(errorCode !== undefined && { errorCode }),
    ...(metadata !== undefined && { metadata }),
  };
  return { h: hash(['value', key, entry]), ...entry };
}

/** Metadata of a flag and its variant; undefined when there is none. That of rules would tell which one decided. */
export function visibleMetadata(flag: Flag, variant: string | undefined): Meta | undefined {
  const ofVariant =
    variant !== undefined && Object.hasOwn(flag.variants, variant) ? flag.variants[variant]?.metadata : undefined;
  if (flag.metadata === undefined && ofVariant === undefined) return undefined;
  return { ...flag.metadata, ...ofVariant };
}
