import type { SpreadCount, Up } from '@dimmer/core/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../hub/receipts.ts';
import { createFakeClock } from '../hub/testing/fake-clock.ts';
import type { FakeClock } from '../hub/testing/fake-clock.ts';
import { createSpreadUp } from './spread-up.ts';
import type { SpreadUp } from './spread-up.ts';

const NOBODY: SpreadCount = {
  ...{ instances: 0, applied: 0, gone: 0, unaffected: 0, polling: 0, silent: 0 },
  latencies: [],
  late: [],
};

let clock: FakeClock;
let counts: Map<number, SpreadCount>;
let sent: [version: number, applied: number][];
let up: SpreadUp;
let tell: (progress: Progress) => void;

beforeEach(() => {
  clock = createFakeClock();
  counts = new Map();
  sent = [];
  up = createSpreadUp({
    receipts: {
      count: ({ version }) => counts.get(version),
      onProgress(listener) {
        tell = listener;
        return () => undefined;
      },
    },
    send(message: Up) {
      if (message.type === 'spread') sent.push([message.version, message.applied]);
    },
    clock,
  });
});

function progress(version: number, phase: Progress['phase'], applied: number): void {
  counts.set(version, { ...NOBODY, instances: 3, applied });
  tell({ environmentId: 'e1', version, phase });
}

describe('what an upstream hears of receipts', () => {
  test('is the number expected at once, what grows every 250 ms, and the end at once', () => {
    progress(7, 'published', 0);
    progress(7, 'receipt', 1);
    progress(7, 'receipt', 2);
    expect(sent).toEqual([[7, 0]]);
    clock.advance(250);
    expect(sent).toEqual([
      [7, 0],
      [7, 2],
    ]);
    progress(7, 'complete', 3);
    expect(sent.at(-1)).toEqual([7, 3]);
    clock.advance(1_000);
    expect(sent.length).toBe(3);
  });

  test('is said again on another connection, for as long as it is counted', () => {
    progress(7, 'published', 0);
    progress(8, 'published', 3);
    counts.delete(7);
    up.answered();
    expect(sent.slice(2)).toEqual([[8, 3]]);
  });

  test('is forgotten once it is counted no more, however long the connection lasts', () => {
    for (let version = 1; version <= 100; version++) {
      progress(version, 'published', 0);
      counts.delete(version - 1);
    }
    counts.set(50, { ...NOBODY, instances: 3, applied: 3 });
    sent.length = 0;
    up.answered();
    expect(sent).toEqual([[100, 0]]);
  });

  test('counts for the versions that came together with a later one, unless they came before the connection', () => {
    progress(7, 'published', 0);
    up.answered();
    sent.length = 0;
    progress(10, 'published', 1);
    expect(sent.map(([version]) => version)).toEqual([8, 9, 10]);
    up.lost();
    sent.length = 0;
    progress(14, 'published', 1);
    expect(sent.map(([version]) => version)).toEqual([14]);
  });

  test('comes no faster than the upstream takes it, and comes in the end', () => {
    for (let version = 1; version <= 1_300; version++) progress(version, 'published', 0);
    expect(sent.length).toBe(1_000);
    for (let at = 0; at < 20; at++) clock.advance(250);
    expect(new Set(sent.map(([version]) => version)).size).toBe(1_300);
  });
});
