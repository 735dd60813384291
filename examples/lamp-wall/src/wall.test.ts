import { createTestClient, type TestFlag } from '@dimmer/sdk-node/testing';
import { describe, expect, test } from 'vitest';
import { USERS } from './users.ts';
import { compareLamps, unpackLamps, type WallState } from './wall-state.ts';
import { createWall } from './wall.ts';

describe('the wall', () => {
  test('says that the flag is missing until somebody makes it', () => {
    const client = createTestClient({ flags: { other: true } });
    const states = follow(client);
    expect(states.at(-1)).toMatchObject({ flag: 'missing', live: true });

    client.set('lamps', true);

    expect(states.at(-1)?.flag).toBe('present');
    expect(litIn(states.at(-1))).toHaveLength(USERS);
  });

  test('lights about a tenth of the lamps at 10 %, and keeps every one of them at 20 %', () => {
    const client = createTestClient({ flags: { lamps: rollout(10) } });
    const states = follow(client);
    const tenth = lamps(states.at(-1));
    expect(litIn(states.at(-1)).length).toBeGreaterThan(70);
    expect(litIn(states.at(-1)).length).toBeLessThan(130);

    client.set('lamps', rollout(20));

    const difference = compareLamps(tenth, lamps(states.at(-1)));
    expect(difference.wentDark).toBe(0);
    expect(difference.litUp).toBeGreaterThan(70);
  });

  test('is dark when the flag is switched off', () => {
    const client = createTestClient({ flags: { lamps: rollout(50) } });
    const states = follow(client);

    client.set('lamps', rollout(50, { enabled: false }));

    expect(litIn(states.at(-1))).toEqual([]);
  });

  test('lights the first twenty for a rule about staff', () => {
    const rules = [{ id: 'staff', if: { attr: 'staff', in: [true] }, serve: 'on' }];
    const client = createTestClient({ flags: { lamps: rollout(0, { rules }) } });
    expect(litIn(follow(client).at(-1))).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('says so when the flag is not boolean', () => {
    const client = createTestClient({ flags: { lamps: 'red' } });
    expect(follow(client).at(-1)).toMatchObject({ flag: 'unusable' });
  });

  test('stops telling a follower that has left', () => {
    const client = createTestClient();
    const states: WallState[] = [];
    const leave = createWall(client).follow((state) => states.push(state));
    leave();
    client.set('lamps', true);
    expect(states).toHaveLength(1);
  });
});

function follow(client: ReturnType<typeof createTestClient>): WallState[] {
  const states: WallState[] = [];
  createWall(client).follow((state) => states.push(state));
  return states;
}

function lamps(state: WallState | undefined): boolean[] {
  return unpackLamps(state?.lit ?? '', USERS);
}

function litIn(state: WallState | undefined): number[] {
  return lamps(state).flatMap((on, index) => (on ? [index] : []));
}

function rollout(percent: number, more: object = {}): TestFlag {
  const arms = [
    { upTo: percent * 1000, serve: 'on' },
    { upTo: 100_000, serve: 'off' },
  ];
  return {
    type: 'boolean',
    variants: { on: { value: true }, off: { value: false } },
    enabled: true,
    off: 'off',
    default: { bucket: { by: 'targetingKey', seed: 'k3v9x0qa' }, arms },
    ...more,
  };
}
