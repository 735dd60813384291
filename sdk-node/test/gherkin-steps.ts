import { AsyncLocalStorageTransactionContextPropagator, OpenFeature } from '@openfeature/server-sdk';
import { expect } from 'vitest';
import { evaluate, parseValue, provide, recordingHook } from './gherkin-world.ts';
import type { World } from './gherkin-world.ts';

type Table = readonly (readonly string[])[];
type Run = (world: World, words: readonly string[], table: Table) => unknown;

/** Every step of the features, by what it says; the groups of the pattern are the words. */
const STEPS: readonly (readonly [RegExp, Run])[] = [
  // Providers
  [/^a (stable|not ready|error|fatal|stale) provider$/, (world, [state = '']) => provide(world, state)],
  [/^a stable provider with retrievable context is registered$/, (world) => provide(world, 'stable')],
  [/^the provider status should be "(.*)"$/, (world, [status]) => expect(world.client.providerStatus).toBe(status)],
  // Flags and contexts
  [
    /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
    (world, [type = '', key = '', fallback = '']) => ask(world, type, key, fallback),
  ],
  [
    /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
    (world, [key = '', type = '', value = '']) => (world.context[key] = parseValue(type, value)),
  ],
  [/^a context containing a key "(.*)" with null value$/, (world, [key = '']) => (world.context[key] = null)],
  // Evaluation
  [/^the flag was evaluated with details( asynchronously| using the evaluation options)?$/, evaluate],
  [/^the evaluation should complete without blocking$/, (world) => expect(world.details).toBeDefined()],
  [
    /^the resolved details value should be "(.*)"$/s,
    (world, [value = '']) => expect(world.details?.value).toEqual(parseValue(world.asked?.type ?? '', value)),
  ],
  [/^the flag key should be "(.*)"$/, (world, [key]) => expect(world.details?.flagKey).toBe(key)],
  [/^the variant should be "([^"]*)"$/, (world, [variant]) => expect(world.details?.variant).toBe(variant)],
  [/^the reason should be "(.*)"$/, (world, [reason]) => expect(world.details?.reason).toBe(reason)],
  [/^the error-code should be "(.*)"$/, (world, [code]) => expect(world.details?.errorCode).toBe(code)],
  [
    /^the resolved metadata should contain$/,
    (world, _, table) => {
      for (const [key = '', type = '', value = ''] of table.slice(1)) {
        expect(world.details?.flagMetadata[key]).toBe(parseValue(type, value));
      }
    },
  ],
  [/^the resolved metadata is empty$/, (world) => expect(world.details?.flagMetadata).toEqual({})],
  // Hooks
  [/^a client with added hook$/, (world) => world.client.addHooks(recordingHook(world))],
  [
    /^the "(.*)" hook should have been executed$/,
    (world, [stage]) => expect(world.hooked.map((entry) => entry.stage)).toContain(stage),
  ],
  [
    /^the "(.*)" hooks should be called with evaluation details$/,
    (world, [stages = ''], table) => {
      for (const stage of stages.split(', ')) {
        const { details } = world.hooked.find((entry) => entry.stage === stage) ?? {};
        const seen = new Map<string, unknown>(Object.entries({ ...details }));
        seen.set('flag_key', details?.flagKey).set('error_code', details?.errorCode);
        for (const [type = '', key = '', value = ''] of table.slice(1)) {
          expect(seen.get(key) ?? null).toBe(parseValue(type, value));
        }
      }
    },
  ],
  [
    /^evaluation options containing specific hooks$/,
    (world) => {
      world.options = { hooks: [recordingHook(world)] };
    },
  ],
  [/^the specified hooks should execute during evaluation$/, (world) => expect(world.hooked.length).toBeGreaterThan(0)],
  [
    /^the hook order should be maintained$/,
    (world) => expect(world.hooked.map(({ stage }) => stage)).toEqual(['before', 'after', 'finally']),
  ],
  // Immutability
  [
    /^an evaluation context with modifiable data$/,
    (world) => {
      world.context = { targetingKey: 'ann', list: [1, 2], nested: { a: 1 } };
    },
  ],
  [
    /^the original evaluation context should remain unmodified$/,
    (world) => expect(world.context).toEqual({ targetingKey: 'ann', list: [1, 2], nested: { a: 1 } }),
  ],
  [
    /^the evaluation details should be immutable$/,
    (world) => expect(Object.isFrozen(world.details?.flagMetadata)).toBe(true),
  ],
  // Merging of contexts
  [
    /^A context entry with key "(.*)" and value "(.*)" is added to the "(.*)" level$/,
    (world, [key = '', value = '', level = '']) => addEntry(world, level, key, value),
  ],
  [
    /^A table with levels of increasing precedence$/,
    (world, _, table) => {
      world.order = table.map(([level = '']) => level);
    },
  ],
  [
    /^Context entries for each level from API level down to the "(.*)" level, with key "(.*)" and value "(.*)"$/,
    (world, [last = '', key = '']) => {
      for (const level of world.order.slice(0, world.order.indexOf(last) + 1)) addEntry(world, level, key, level);
    },
  ],
  [/^Some flag was evaluated$/, evaluateWithLevels],
  [
    /^The merged context contains an entry with key "(.*)" and value "(.*)"$/,
    (world, [key = '', value]) => expect(world.merged?.[key]).toBe(value),
  ],
  // The deprecated feature
  [
    /^an? (?:non-existent )?(\w+) flag with key "(.*?)" is evaluated (?:with details and |with )?(?:a )?(?:default|fallback|null default) value ?"?(.*?)"?$/,
    (world, [type = '', key = '', fallback = '']) => askAndEvaluate(world, type, key, fallback || '{}'),
  ],
  [
    /^a string flag with key "(.*)" is evaluated as an integer, with details and a fallback value (\d+)$/,
    (world, [key = '', fallback = '']) => askAndEvaluate(world, 'integer', key, fallback),
  ],
  [
    /^the resolved (\w+) (?:details )?value should be "?([^"]*)"?(?:, the variant should be "(.*)", and the reason should be "(.*)")?$/,
    (world, [type = '', value = '', variant, reason]) => {
      expect(world.details?.value).toEqual(parseValue(type, value));
      if (variant !== undefined) expect(world.details).toMatchObject({ variant, reason });
    },
  ],
  [
    /^the resolved object (?:details )?value should be contain fields "(.*)", "(.*)", and "(.*)", with values "(.*)", "(.*)" and (\d+), respectively$/,
    (world, [a = '', b = '', c = '', x, y, z]) =>
      expect(world.details?.value).toEqual({ [a]: x === 'true', [b]: y, [c]: Number(z) }),
  ],
  [
    /^the variant should be "(.*)", and the reason should be "(.*)"$/,
    (world, [variant, reason]) => expect(world.details).toMatchObject({ variant, reason }),
  ],
  [
    /^the default (?:string|integer) value should be returned$/,
    (world) => expect(world.details?.value).toBe(world.asked?.fallback),
  ],
  [
    /^the reason should indicate an error and the error code should indicate a (?:missing flag|type mismatch) with "(.*)"$/,
    (world, [errorCode]) => expect(world.details).toMatchObject({ reason: 'ERROR', errorCode }),
  ],
];

/** Runs one step; throws for one that nobody has defined. */
export async function runStep(world: World, text: string, table: Table): Promise<void> {
  for (const [pattern, run] of STEPS) {
    const match = pattern.exec(text);
    if (!match) continue;
    await run(world, match.slice(1), table);
    return;
  }
  throw new Error(`No step is defined for: ${text}`);
}

function ask(world: World, type: string, key: string, fallback: string): void {
  world.asked = { type: type.toLowerCase(), key, fallback: parseValue(type, fallback) ?? {} };
}

function askAndEvaluate(world: World, type: string, key: string, fallback: string): Promise<void> {
  ask(world, type, key, fallback);
  return evaluate(world);
}

function addEntry(world: World, level: string, key: string, value: string): void {
  world.levels.set(level, { ...world.levels.get(level), [key]: value });
}

async function evaluateWithLevels(world: World): Promise<void> {
  const at = (level: string): Record<string, string> => ({ ...world.levels.get(level) });
  OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator());
  OpenFeature.setContext(at('API'));
  world.client.setContext(at('Client'));
  world.context = at('Invocation');
  if (world.levels.has('Before Hooks')) world.client.addHooks({ before: () => at('Before Hooks') });
  await new Promise<void>((resolve, reject) => {
    OpenFeature.setTransactionContext(at('Transaction'), () => {
      askAndEvaluate(world, 'boolean', 'boolean-flag', 'false').then(resolve, reject);
    });
  });
}
