import { DEFAULT_AXIS, type Serve } from '@dimmer/core/model';

/**
 * The percentage a `default` of an on/off flag stands for: plainly on, plainly off, or a prefix that is on. Null for
 * everything else.
 */
export function rolloutPercent(serve: Serve | undefined): number | null {
  if (serve === 'on') return 100;
  if (serve === 'off') return 0;
  if (typeof serve !== 'object' || serve === null) return null;
  const axis = serve.bucket.of ?? DEFAULT_AXIS;
  const [first, second, ...more] = serve.arms;
  if (first === undefined || second === undefined || more.length > 0 || second.upTo < axis) return null;
  return first.serve === 'on' && second.serve === 'off' ? (100 * first.upTo) / axis : null;
}
