import { compareAnswer, conformanceCases } from '@dimmer/core/conformance';
import type { Ruleset } from '@dimmer/core/model';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toObjectRow } from '../changes/wire.ts';
import { CachedVersion } from './ruleset-version.ts';

/** The ruleset as the server holds it: canonical text, parsed when something evaluates. */
function held({ flags, segments }: Ruleset): CachedVersion {
  const objects = [
    ...Object.entries(flags).map(([key, flag]) => toObjectRow('flag', key, flag)),
    ...Object.entries(segments).map(([key, segment]) => toObjectRow('segment', key, segment)),
  ];
  const names = { id: 'env', key: 'production', projectKey: 'default' };
  const head = { ...names, version: 1, digest: '0'.repeat(16), committedAt: 0, bytes: 0, objects };
  return CachedVersion.load(head, '0'.repeat(32));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the conformance vectors, through what the server holds', () => {
  it.each(conformanceCases().map((one) => [one.name, one] as const))('%s', (_, { ruleset, now, questions }) => {
    if (now !== undefined) vi.useFakeTimers({ now, toFake: ['Date'] });
    const evaluator = held(ruleset).evaluator();
    for (const { flag, as, context, expect: expected } of questions) {
      expect(compareAnswer(expected, evaluator.typed(flag, as, context))).toBeNull();
    }
  });
});
