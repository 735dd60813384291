import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../src/evaluation/index.ts';
import { compareAnswer, conformanceCases } from './run.ts';

const cases = conformanceCases();

describe('the engine', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, { ruleset, now, questions }) => {
    const evaluator = createEvaluator(ruleset, {
      patterns: (source) => {
        const pattern = RE2JS.compile(source);
        return { test: (text) => pattern.matcher(text).find() };
      },
      ...(now === undefined ? {} : { now: () => now }),
    });
    for (const { flag, as, context, expect: expected } of questions) {
      const where = `${flag} for ${JSON.stringify(context)}`;
      expect(compareAnswer(expected, evaluator.typed(flag, as, context)), where).toBeNull();
      if (as !== undefined) continue;
      expect(compareAnswer(expected, evaluator.evaluate(flag, context)), where).toBeNull();
      expect(compareAnswer(expected, evaluator.explain(flag, context)), `explained, ${where}`).toBeNull();
    }
  });
});

test('there are vectors of every kind, each named once', () => {
  const questions = cases.reduce((count, { questions }) => count + questions.length, 0);
  expect(questions).toBeGreaterThan(600);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
