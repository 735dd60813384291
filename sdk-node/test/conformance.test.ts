import { compareAnswer, conformanceCases } from '@dimmer/core/conformance';
import type { Expectation, Question } from '@dimmer/core/conformance';
import type { FlagType, Json } from '@dimmer/core/model';
import type { Client } from '@dimmer/sdk-node';
import { createTestClient } from '@dimmer/sdk-node/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';

/** A fallback of each type that no case serves. */
const FALLBACKS: Readonly<Record<FlagType, Json>> = {
  boolean: false,
  string: 'the fallback of this test',
  number: -987_654_321,
  object: { fallback: 'of this test' },
};

/** What a client answers, in the words of the vectors: the fallback counts as no value. */
function ask(client: Client, { flag, as, context }: Question): Partial<Expectation> {
  const fallback = as === undefined ? null : FALLBACKS[as];
  const { key: _, value, version, ...rest } = client.details(flag, fallback, context);
  expect(version).toBeGreaterThan(0);
  return rest.variant === undefined ? rest : { ...rest, value };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the conformance vectors, through a client', () => {
  test.each(conformanceCases().map((one) => [one.name, one] as const))('%s', (_, { ruleset, now, questions }) => {
    if (now !== undefined) vi.useFakeTimers({ now, toFake: ['Date'] });
    const client = createTestClient(ruleset);
    for (const question of questions) {
      expect(compareAnswer(question.expect, ask(client, question))).toBeNull();
    }
  });
});
