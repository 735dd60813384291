import type { Flag } from '@dimmer/core/model';
import { encodeCursor, sumDigest } from '@dimmer/core/protocol';
import { describe, expect, test } from 'vitest';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import { SYSTEM_CLOCK } from '../hub/clock.ts';
import type { KeptState } from './kept-state.ts';
import { UpstreamRulesets } from './upstream-rulesets.ts';

const ENVIRONMENT = { id: 'e1', key: 'production', projectKey: 'default' };
const EPOCH = 'a'.repeat(32);
const flag = (more: object = {}): Flag => ({ type: 'boolean', variants: {}, enabled: true, ...more });

function state(version: number, flags: Record<string, Flag>, epoch = EPOCH): KeptState {
  const entries = Object.entries(flags).map(
    ([key, def], at) => [key, { h: `${at + 1}`.padStart(16, '0'), def }] as const,
  );
  const digest = sumDigest(entries.map(([, { h }]) => h));
  const tables = { flags: new Map(entries), segments: new Map() };
  const cursor = encodeCursor({ epoch, version, digest });
  return { environment: ENVIRONMENT, savedAt: 0, state: { version, digest, cursor, tables } };
}

function createSource(headFor = async (): Promise<number> => 0): { source: UpstreamRulesets; told: RulesetVersion[] } {
  const told: RulesetVersion[] = [];
  const onError = (error: unknown): never => {
    throw error;
  };
  const source = new UpstreamRulesets({ headFor, after: SYSTEM_CLOCK.after, onError });
  source.onVersion((version) => told.push(version));
  return { source, told };
}

describe('the rulesets of an upstream', () => {
  test('keep what they do not understand as it came', () => {
    const { source, told } = createSource();
    const future = flag({ schema: 99, sky: { z: 1, a: [2] } });
    source.take(state(4, { later: future }));
    expect(told[0]?.objects.flags.get('later')?.text).toBe(
      '{"enabled":true,"schema":99,"sky":{"a":[2],"z":1},"type":"boolean","variants":{}}',
    );
    expect(told[0]?.evaluator().evaluate('later', {})).toMatchObject({ errorCode: 'PARSE_ERROR' });
  });

  test('have a step for the next version, and none for one that skips some', async () => {
    const { source, told } = createSource();
    const changed = { flags: ['b'], segments: [] };
    source.take(state(4, { a: flag() }));
    source.take(state(5, { a: flag(), b: flag() }), changed);
    source.take(state(9, { a: flag() }), changed);
    expect(told.map(({ version, step }) => [version, step?.put.flags])).toEqual([
      [4, undefined],
      [5, ['b']],
      [9, undefined],
    ]);
    const { digest } = state(4, { a: flag() }).state;
    expect(await source.since('e1', 4, digest)).toEqual({ kind: 'compacted' });
    expect(await source.since('e1', 9, digest)).toEqual({ kind: 'current' });
  });

  test('have no environment before the first, and the epoch of what they hold', async () => {
    const { source, told } = createSource();
    expect(source.environments()).toEqual([]);
    await expect(source.head('e1')).rejects.toMatchObject({ status: 503 });
    source.take(state(4, { a: flag() }));
    source.take(state(2, {}, 'b'.repeat(32)), { flags: ['a'], segments: [] });
    expect([source.epoch, told.at(-1)?.version]).toEqual(['b'.repeat(32), 2]);
    await expect(source.head('e2')).rejects.toMatchObject({ status: 404 });
  });

  test('wait for what the upstream says it has', async () => {
    const { source } = createSource(async () => 5);
    source.take(state(4, {}));
    const refreshed = source.refresh('e1', { epoch: EPOCH, version: 5, digest: '0'.repeat(16) });
    await new Promise((resolve) => setImmediate(resolve));
    source.take(state(5, { a: flag() }), { flags: ['a'], segments: [] });
    expect((await refreshed).version).toBe(5);
  });
});
