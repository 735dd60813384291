import { describe, expect, it } from 'vitest';
import { every, onceAt } from './clock.ts';
import { BEAT_TICK_MS, Heartbeats } from './heartbeat.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { TimerWheel } from './timer-wheel.ts';

describe('a timer wheel', () => {
  it('gives each item after its number of ticks, once', () => {
    const wheel = new TimerWheel<string>(8);
    wheel.put('a', 1);
    wheel.put('b', 3);
    wheel.put('c', 7);
    const due = Array.from({ length: 9 }, () => wheel.tick());
    expect(due).toEqual([['a'], [], ['b'], [], [], [], ['c'], [], []]);
    expect(wheel.size).toBe(0);
  });

  it('moves an item that is put again, and forgets one that is taken out', () => {
    const wheel = new TimerWheel<string>(8);
    wheel.put('a', 1);
    wheel.put('a', 2);
    wheel.put('b', 2);
    wheel.delete('b');
    expect([wheel.tick(), wheel.tick(), wheel.tick()]).toEqual([[], ['a'], []]);
  });

  it('can put an item back while it is due', () => {
    const wheel = new TimerWheel<string>(4);
    wheel.put('a', 2);
    let beats = 0;
    for (let n = 0; n < 20; n++) {
      for (const item of wheel.tick()) {
        beats += 1;
        wheel.put(item, 2);
      }
    }
    expect(beats).toBe(10);
  });
});

describe('heartbeats', () => {
  const item = () => {
    const beating = { beats: 0, connection: { missedPongs: 0 }, beat: () => void (beating.beats += 1) };
    return beating;
  };

  it('come every 15 s give or take a tenth, spread over that time', () => {
    let n = 0;
    const beats = new Heartbeats(
      15_000,
      () => (n++ % 100) / 100,
      () => {},
    );
    const items = Array.from({ length: 1_000 }, item);
    for (const each of items) beats.add(each);
    let most = 0;
    let before = 0;
    const total = (): number => items.reduce((sum, each) => sum + each.beats, 0);
    for (let ms = 0; ms < 13_250; ms += BEAT_TICK_MS) beats.tick();
    expect(total()).toBe(0);
    for (let ms = 13_250; ms <= 16_700; ms += BEAT_TICK_MS) {
      beats.tick();
      most = Math.max(most, total() - before);
      before = total();
    }
    expect(total()).toBe(1_000);
    expect(most).toBeLessThan(150);
  });

  it('end with the second ping that was not answered', () => {
    const dead: unknown[] = [];
    const beats = new Heartbeats<ReturnType<typeof item>>(
      1_000,
      () => 0.5,
      (each) => dead.push(each),
    );
    const silent = item();
    beats.add(silent);
    for (let n = 0; n < 40; n++) {
      const { beats: before } = silent;
      beats.tick();
      if (silent.beats > before) silent.connection.missedPongs += 1;
    }
    expect(silent.beats).toBe(2);
    expect(dead).toEqual([silent]);
  });
});

it('what runs again and again does so at its pace until it is ended', () => {
  const clock = createFakeClock();
  let runs = 0;
  const end = every(clock, 100, () => void (runs += 1));
  clock.advance(1_050);
  expect(runs).toBe(10);
  end();
  clock.advance(1_000);
  expect(runs).toBe(10);
});

it('what waits for a time comes then, however far ahead, and at once when that is past', () => {
  const clock = createFakeClock();
  const day = 86_400_000;
  const came: number[] = [];
  const start = clock.now();
  onceAt(clock, start + 60 * day, () => came.push(clock.now() - start));
  clock.advance(60 * day - 1);
  expect(came).toEqual([]);
  clock.advance(day);
  onceAt(clock, start, () => came.push(0));
  expect(came).toEqual([60 * day, 0]);
});
