import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';
import type { Pickle } from '@cucumber/messages';
import { OpenFeature } from '@openfeature/server-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { toRuleset } from './gherkin-flags.ts';
import { runStep } from './gherkin-steps.ts';
import { createWorld } from './gherkin-world.ts';

/**
 * The specification's own scenarios, through `DimmerProvider` behind the official SDK. They are not part of this
 * repository: they lie in a folder `shared` beside it.
 */
const FOLDER = new URL('../../../shared/vectors/openfeature-spec/gherkin/', import.meta.url);

/** Why a scenario does not apply to us; everything else is run. */
function notApplicable({ name, steps }: Pickle): string | undefined {
  const says = (text: string): boolean => steps.some((step) => step.text.includes(text));
  if (name === 'CACHED reason') return 'evaluation is from memory every time: there is no cache to report';
  if (says('"context-aware"')) return 'deprecated, and its flag is not in test-flags.json';
  return undefined;
}

function readFeatures(): { file: string; pickles: readonly Pickle[] }[] {
  const newId = IdGenerator.incrementing();
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.feature'));
  return files.map((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text);
    return { file, pickles: compile(document, file, newId) };
  });
}

const tableOf = ({ argument }: Pickle['steps'][number]): string[][] =>
  argument?.dataTable?.rows.map(({ cells }) => cells.map(({ value }) => value)) ?? [];

if (existsSync(FOLDER)) {
  const ruleset = toRuleset(readFileSync(new URL('test-flags.json', FOLDER), 'utf8'));
  const features = readFeatures();

  // Providers that cannot start are part of the scenarios; the SDK's log of them is not.
  const silent = (): void => undefined;
  OpenFeature.setLogger({ error: silent, warn: silent, info: silent, debug: silent });

  afterEach(async () => {
    await OpenFeature.close();
    OpenFeature.setContext({});
  });

  for (const { file, pickles } of features) {
    describe(`OpenFeature specification, ${file}`, () => {
      for (const pickle of pickles) {
        const reason = notApplicable(pickle);
        const where = `${pickle.name} (line ${pickle.location?.line})`;
        if (reason !== undefined) {
          // Skipped: the reason is in the title.
          test.skip(`${where}: not applicable, ${reason}`);
          continue;
        }
        test(where, async () => {
          const world = createWorld(ruleset);
          for (const step of pickle.steps) await runStep(world, step.text, tableOf(step));
        });
      }
    });
  }

  test('of 132 scenarios all are run but three that do not apply', () => {
    const all = features.flatMap(({ pickles }) => pickles);
    expect([all.length, all.filter((pickle) => notApplicable(pickle) !== undefined).length]).toEqual([132, 3]);
  });
} else {
  // Skipped: there is nothing to run, and the title says so.
  test.skip(`OpenFeature specification: NOT RUN, because ${FOLDER.pathname} is missing`);
}
