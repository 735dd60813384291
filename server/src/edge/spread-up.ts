import { MAX_SPREAD_LATE } from '@dimmer/core/protocol';
import type { SpreadMessage, Up } from '@dimmer/core/protocol';
import { TokenBucket } from '../hub/admission.ts';
import type { Clock } from '../hub/clock.ts';
import type { Hub } from '../hub/hub.ts';
import type { Progress } from '../hub/receipts.ts';

/** What it needs. */
export interface SpreadUpDeps {
  readonly receipts: Pick<Hub['receipts'], 'count' | 'onProgress'>;
  readonly send: (message: Up) => void;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
}

/** Tells the upstream how versions spread behind this edge. */
export interface SpreadUp {
  /** A connection is in use: what was said on the one before may be lost. */
  answered(): void;
  /** There is none: what is published now is not expected of us. */
  lost(): void;
  stop(): void;
}

/** Time between two words about a version that is spreading. */
const EVERY_MS = 250;
/** Well below what an upstream takes from one connection in a second, and at once. */
const PER_SECOND = 200;
const BURST = 1_000;
/** Versions that came together with a later one, and are told of like it. */
const MAX_SKIPPED = 64;

interface Told {
  readonly environmentId: string;
  readonly version: number;
  /** Versions below that came in one step with it: whoever has it has them. */
  readonly skipped: readonly number[];
  last: string;
  cancel: (() => void) | undefined;
}

/**
 * A version is told of at once, so that the upstream knows how many to expect; then now and then while the count
 * grows, and when it is complete. What the hub counts no more is forgotten.
 */
export function createSpreadUp({ receipts, send, clock }: SpreadUpDeps): SpreadUp {
  const told = new Map<number, Told>();
  const words = new TokenBucket(PER_SECOND, BURST, clock.monotonic());
  let newest = 0;
  /** The connection has given a first answer, so that the upstream expects a word about each version from here on. */
  let isExpected = false;
  const say = (one: Told): void => {
    one.cancel?.();
    one.cancel = undefined;
    const count = receipts.count(one);
    if (count === undefined) return void told.delete(one.version);
    const rest = { ...count, late: count.late.slice(0, MAX_SPREAD_LATE) };
    const text = JSON.stringify(rest);
    if (text === one.last) return;
    one.last = text;
    for (const version of [...one.skipped, one.version]) {
      // Too many changes at once: what is left is said later, as it is then.
      if (!words.take(clock.monotonic())) return void (one.cancel = clock.after(EVERY_MS, () => sayAgain(one)));
      send({ type: 'spread', version, ...rest } satisfies SpreadMessage);
    }
  };
  const sayAgain = (one: Told): void => {
    one.last = '';
    say(one);
  };
  /** Nobody says when a version is counted no more; the oldest are the first. */
  const forget = (): void => {
    for (const one of told.values()) {
      if (receipts.count(one) !== undefined) return;
      one.cancel?.();
      told.delete(one.version);
    }
  };
  const publish = ({ environmentId, version }: Progress): void => {
    const from = isExpected && newest > 0 ? Math.max(newest + 1, version - MAX_SKIPPED) : version;
    const skipped = Array.from({ length: Math.max(0, version - from) }, (_, at) => from + at);
    newest = version;
    const one: Told = { environmentId, version, skipped, last: '', cancel: undefined };
    forget();
    told.set(version, one);
    say(one);
  };
  const stop = receipts.onProgress((progress) => {
    if (progress.phase === 'published') return publish(progress);
    const one = told.get(progress.version);
    if (one === undefined) return;
    if (progress.phase === 'complete') return say(one);
    one.cancel ??= clock.after(EVERY_MS, () => say(one));
  });
  return {
    answered() {
      isExpected = true;
      for (const one of told.values()) sayAgain(one);
    },
    lost() {
      isExpected = false;
    },
    stop() {
      stop();
      for (const { cancel } of told.values()) cancel?.();
    },
  };
}
