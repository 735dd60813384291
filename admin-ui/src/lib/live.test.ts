// @vitest-environment node
import type { LiveMessage } from '@dimmer/core/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLive, type Socket } from './live.ts';

interface FakeSocket extends Socket {
  say(message: LiveMessage): void;
  drop(): void;
  closed: boolean;
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const [onMessage, onLost] = [vi.fn(), vi.fn()];
  const live = createLive({
    url: 'ws://x/live',
    onMessage,
    onLost,
    random: () => 1,
    now: () => 1_000,
    open() {
      let message: (data: unknown) => void = () => {};
      let close = (): void => {};
      const socket: FakeSocket = {
        closed: false,
        listen(onText, onClose) {
          message = onText;
          close = onClose;
        },
        say: (said) => message(JSON.stringify(said)),
        drop: () => close(),
        close: () => (socket.closed = true),
      };
      sockets.push(socket);
      return socket;
    },
  });
  live.start();
  return { live, sockets, onMessage, onLost };
}

const hello: LiveMessage = { type: 'hello', versions: { prod: 3 }, instances: {} };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the feed is live from its hello on', () => {
  const { live, sockets, onMessage } = setUp();
  expect(live.status.get().state).toBe('connecting');
  sockets[0]?.say(hello);
  expect(live.status.get().state).toBe('live');
  expect(onMessage).toHaveBeenCalledWith(hello);
});

test('a lost connection is tried again after 0.25, 0.5, 1, … and at most 8 seconds', () => {
  const { live, sockets, onLost } = setUp();
  sockets[0]?.say(hello);
  for (const [index, wait] of [250, 500, 1000, 2000, 4000, 8000, 8000].entries()) {
    sockets.at(-1)?.drop();
    expect(live.status.get().state).toBe('reconnecting');
    vi.advanceTimersByTime(wait - 1);
    expect(sockets).toHaveLength(index + 1);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(index + 2);
  }
  expect(onLost).toHaveBeenCalledTimes(7);
});

test('after a hello the waits start anew', () => {
  const { sockets } = setUp();
  sockets[0]?.drop();
  vi.advanceTimersByTime(250);
  sockets[1]?.say(hello);
  sockets[1]?.drop();
  vi.advanceTimersByTime(250);
  expect(sockets).toHaveLength(3);
});

test('a connection that falls silent is given up', () => {
  const { live, sockets } = setUp();
  sockets[0]?.say(hello);
  vi.advanceTimersByTime(40_000);
  sockets[0]?.say({ type: 'heartbeat' });
  vi.advanceTimersByTime(40_000);
  expect(live.status.get().state).toBe('live');
  vi.advanceTimersByTime(5_000);
  expect(live.status.get().state).toBe('reconnecting');
  expect(sockets[0]?.closed).toBe(true);
});

test('what a former connection still says is not heard', () => {
  const { sockets, onMessage } = setUp();
  sockets[0]?.say(hello);
  sockets[0]?.drop();
  sockets[0]?.say({ type: 'instances', instances: { prod: 7 } });
  expect(onMessage).toHaveBeenCalledOnce();
});

test('once stopped it stays away', () => {
  const { live, sockets } = setUp();
  live.stop();
  sockets[0]?.drop();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
