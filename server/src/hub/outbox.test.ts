import { describe, expect, it } from 'vitest';
import { HUB_LIMITS } from './limits.ts';
import { stallOf } from './outbox.ts';
import type { OutboxFacts } from './outbox.ts';

const facts = (more: Partial<OutboxFacts>): OutboxFacts => ({
  bufferedBytes: 0,
  movedAt: null,
  owedSince: null,
  snapshotBytes: 0,
  ...more,
});

const MIB = 1_048_576;

describe('a connection is given up', () => {
  it.each([
    ['when more than 1 MiB is buffered', facts({ bufferedBytes: MIB + 1 }), 'buffer'],
    ['not at 1 MiB', facts({ bufferedBytes: MIB }), undefined],
    [
      'not while a large snapshot is on its way',
      facts({ bufferedBytes: 19 * MIB, snapshotBytes: 10 * MIB }),
      undefined,
    ],
    ['when it is more than two snapshots', facts({ bufferedBytes: 21 * MIB, snapshotBytes: 10 * MIB }), 'buffer'],
    ['when nothing has drained for 10 s', facts({ bufferedBytes: 1, movedAt: 90_000 }), 'undrained'],
    ['not a moment before', facts({ bufferedBytes: 1, movedAt: 90_001 }), undefined],
    ['when a receipt has been owed for 30 s', facts({ owedSince: 70_000 }), 'no-receipt'],
    ['not a moment before', facts({ owedSince: 70_001 }), undefined],
    ['never when it owes nothing', facts({}), undefined],
  ])('%s', (_name, given, stall) => {
    expect(stallOf(given, HUB_LIMITS, 100_000)).toBe(stall);
  });
});
