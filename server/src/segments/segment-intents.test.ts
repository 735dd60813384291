import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Intent } from '../changes/intent.ts';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const remove: Intent = { kind: 'segment.delete', segment: 's' };

describe('a segment', () => {
  it('holds nobody when it is new, or whom its condition says in every environment', async () => {
    const condition = { attr: 'plan', in: ['pro'] };
    await door.commit([
      { kind: 'segment.create', input: { key: 's' } },
      { kind: 'segment.create', input: { key: 't', condition } },
    ]);
    const { items } = (await door.listSegments('default')).value;
    expect(items).toMatchObject([
      { key: 'dogfood' },
      { key: 's', settings: { development: { condition: { any: [] } } } },
      { key: 't', settings: { development: { condition }, production: { condition } } },
    ]);
  });

  it('is not deleted while a rule or another segment refers to it; says where', async () => {
    await door.commit([
      { kind: 'segment.create', input: { key: 's' } },
      { kind: 'flag.create', input: { key: 'f' } },
    ]);
    await door.commit([
      { kind: 'rollout.set', flag: 'f', environment: 'production', input: { percent: 0, audience: ['dogfood', 's'] } },
      {
        kind: 'segment.settings',
        segment: 'dogfood',
        environment: 'development',
        input: { condition: { not: { segment: 's' } } },
      },
    ]);
    await expect(door.commit(remove)).rejects.toMatchObject({
      status: 422,
      code: 'IN_USE',
      detail: 'The segment "s" is in use by the flag "f" and the segment "dogfood".',
      current: {
        usedBy: [
          { kind: 'segment', key: 'dogfood', environments: ['development'] },
          { kind: 'flag', key: 'f', environments: ['production'] },
        ],
      },
      errors: [
        { path: '/segments/dogfood/settings/development/condition/not' },
        { path: '/flags/f/settings/production/rules/0/if/any/1' },
      ],
    });
  });

  it('is not taken for used because a value looks like it', async () => {
    await door.commit([
      { kind: 'segment.create', input: { key: 's' } },
      {
        kind: 'flag.create',
        input: { key: 'f', type: 'object', variants: { a: { value: { segment: 's', text: '"segment":"s"' } } } },
      },
    ]);
    expect((await door.commit(remove)).versions).toEqual({ development: 3, production: 3 });
    await expect(door.getSegment('default', 's')).rejects.toMatchObject({ status: 404 });
  });

  it('changes in one environment by itself', async () => {
    const condition = { attr: 'plan', in: ['pro'] };
    const edit: Intent = {
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'production',
      input: { condition },
    };
    expect((await door.commit(edit)).versions).toEqual({ production: 2 });
    expect((await door.commit(edit)).changeId).toBeNull();
    expect((await door.getSegmentSettings('default', 'dogfood', 'development')).value).toEqual({
      condition: { any: [] },
    });
  });
});
