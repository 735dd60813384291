import { parseUp, sumDigest } from '@dimmer/core/protocol';
import type { Down, FlagEntry, Up } from '@dimmer/core/protocol';
import { createLink, RULESET_RULES } from '@dimmer/core/replica';
import type { Clock, Kind, Link, LinkOptions, SocketListener, UsageCounts } from '@dimmer/core/replica';

/** Time that passes only when a test says so. */
class FakeClock implements Clock {
  #now = 1000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }

  /** As when the process was held up for so long: all that was due runs at once, and late. */
  jump(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now).toSorted((a, b) => a.at - b.at);
    for (const timer of due) {
      if (!this.#timers.includes(timer)) continue;
      this.#timers = this.#timers.filter((other) => other !== timer);
      timer.callback();
    }
  }
}

interface FakeSocket {
  readonly listener: SocketListener;
  readonly sent: Up[];
  readonly at: number;
  closed: boolean;
}

/** What a link lives in: a clock that stands still, sockets that say what they are told, a client that takes notes. */
export interface World {
  readonly clock: FakeClock;
  readonly sockets: FakeSocket[];
  /** What `random` gives. */
  chance: number;
  /** Everything the link told its client, in order. */
  told: unknown[];
  /** What `drain` gives, one after the other. */
  usage: UsageCounts[];
}

export const world: World = { clock: new FakeClock(), sockets: [], chance: 0, told: [], usage: [] };

/** Starts the world anew. */
export function resetWorld(): void {
  Object.assign(world, { clock: new FakeClock(), sockets: [], chance: 0, told: [], usage: [] });
}

/** What a link is given that lives in the world. */
export function options<K extends Kind>(rules: LinkOptions<K>['rules']): LinkOptions<K> {
  return {
    rules,
    clock: world.clock,
    random: () => world.chance,
    open(listener) {
      const socket: FakeSocket = { listener, sent: [], at: world.clock.now(), closed: false };
      world.sockets.push(socket);
      return {
        send(text) {
          const parsed = parseUp(text);
          if (parsed.kind !== 'message') throw new Error(`${text} is no message`);
          if (!socket.closed) socket.sent.push(parsed.message);
        },
        close() {
          socket.closed = true;
        },
      };
    },
    hello: () => ({ sdk: 'test/1', instanceId: '0'.repeat(32) }),
    swap: (state) => world.told.push(['swap', state.version]),
    change: (_, changed) => world.told.push(['change', changed]),
    state: (state) => world.told.push(state),
    failed: (refused) => world.told.push(refused ? 'refused' : 'failed'),
    error: (code) => world.told.push(['error', code]),
    drain: () => world.usage.shift(),
  };
}

/** A server SDK's link, in the world. */
export const serverLink = (more: Partial<LinkOptions<'flags' | 'segments'>> = {}): Link<'flags' | 'segments'> =>
  createLink({ ...options(RULESET_RULES), ...more });

export const socket = (n: number): FakeSocket => {
  const found = world.sockets[n];
  if (!found) throw new Error(`There is no socket ${n}`);
  return found;
};
export const say = (n: number, ...messages: (Down | string)[]): void => {
  for (const message of messages) {
    if (socket(n).closed) return;
    socket(n).listener.frame(typeof message === 'string' ? message : JSON.stringify(message));
  }
};
export const open = (n: number): void => socket(n).listener.opened();
export const drop = (n: number): void => socket(n).listener.closed(false);
export const sent = <T extends Up['type']>(n: number, type: T): Extract<Up, { type: T }>[] =>
  socket(n).sent.filter((message): message is Extract<Up, { type: T }> => message.type === type);

export const HEARTBEAT = 10_000;
export const welcome = (more: object = {}): Down => ({
  type: 'welcome',
  environment: { id: 'e1', key: 'production', project: 'default' },
  epoch: 'f'.repeat(32),
  heartbeatMs: HEARTBEAT,
  receiptJitterMs: 0,
  maxAgeMs: 3_600_000,
  limits: { messageBytes: 65_536, usageMs: 20_000 },
  ...more,
});

const flag = (h: string): FlagEntry => ({
  h: h.padStart(16, '0'),
  def: { type: 'boolean', variants: { on: { value: true } }, enabled: true },
});
export const digest = (...hashes: string[]): string => sumDigest(hashes.map((h) => h.padStart(16, '0')));
export const snapshot = (version: number, h = String(version)): Down => ({
  type: 'snapshot',
  cursor: `c${version}`,
  version,
  digest: digest(h),
  part: 1,
  parts: 1,
  flags: { a: flag(h) },
  segments: {},
});
export const delta = (from: number, to: number, h = String(to)): Down => ({
  type: 'delta',
  from,
  to,
  cursor: `c${to}`,
  digest: digest(h),
  put: { flags: { a: flag(h) } },
  remove: {},
});
/** A delta that does not add up. */
export const wrongDelta = (from: number, to: number): Down => {
  const message = delta(from, to);
  return message.type === 'delta' ? { ...message, digest: digest('77') } : message;
};
export const heartbeat = (version: number): Down => ({ type: 'heartbeat', version, cursor: `c${version}` });

/** Brings socket `n` to life at `version`. */
export function answer(n: number, version: number, parameters: object = {}): void {
  open(n);
  say(n, welcome(parameters), snapshot(version));
}
