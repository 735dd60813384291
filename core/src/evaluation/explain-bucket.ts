import type { Root } from './attribute.ts';
import type { CompiledBucket } from './bucket.ts';
import type { BucketTrace } from './trace.ts';

/** Where a root falls on a bucket's axis: its position in the hash's unit, undefined when skipped, and for reading. */
export function explainBucket(
  bucket: CompiledBucket,
  root: Root,
): { readonly position: number | undefined; readonly trace: BucketTrace } {
  const { of, hash } = bucket;
  const identified = bucket.identify(root) ?? {};
  const position = bucket.position(root);
  if (position === undefined) return { position: undefined, trace: { of, ...identified } };
  return { position, trace: { of, ...identified, position: hash.axis(position) } };
}
