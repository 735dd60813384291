import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { digestOf, FakeServers } from '../../test/fake-servers.ts';
import {
  answer,
  delta,
  HEARTBEAT,
  heartbeat,
  open,
  resetWorld,
  say,
  sent,
  serverLink,
  snapshot,
  socket,
  welcome,
  world,
} from '../../test/fake-world.ts';

/** What may happen next: to a server, to one of the newest connections, or to time. */
type Step = readonly [
  'commit' | 'hasten' | 'learn' | 'open' | 'hear' | 'deliver' | 'goodbye' | 'beat' | 'drop' | 'wait',
  which: number,
];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('commit' as const) },
    { weight: 8, arbitrary: fc.constant('hasten' as const) },
    { weight: 4, arbitrary: fc.constant('learn' as const) },
    { weight: 4, arbitrary: fc.constant('open' as const) },
    { weight: 6, arbitrary: fc.constant('hear' as const) },
    { weight: 6, arbitrary: fc.constant('deliver' as const) },
    { weight: 2, arbitrary: fc.constant('goodbye' as const) },
    { weight: 1, arbitrary: fc.constant('beat' as const) },
    { weight: 1, arbitrary: fc.constant('drop' as const) },
    { weight: 2, arbitrary: fc.constant('wait' as const) },
  ),
  fc.nat({ max: 1 }),
);

function take(servers: FakeServers, [what, which]: Step): void {
  // The newest two: a link never has more.
  const n = Math.max(0, world.sockets.length - 1 - which);
  if (what === 'commit') servers.commit();
  else if (what === 'wait') world.clock.advance(100);
  else if (what === 'drop') world.sockets[n]?.listener.closed(false);
  else if (what === 'learn') servers.learn(which);
  else servers[what](n);
}

/** Live, and asked to go: the interesting part begins where two connections bring states. */
const START: readonly Step[] = (
  ['open', 'hear', 'deliver', 'deliver', 'deliver', 'goodbye', 'deliver', 'wait', 'open'] as const
).map((what) => [what, 0]);

/** Lives through the steps, and gives every state that was served, as its version and digest. */
function live(steps: readonly Step[], chances: readonly number[]) {
  resetWorld();
  let drawn = 0;
  const servers = new FakeServers(() => chances[drawn++ % chances.length] ?? 0);
  const served: { version: number; digest: string }[] = [];
  const link = serverLink({ swap: ({ version, digest }) => served.push({ version, digest }) });
  for (const one of [...START, ...steps]) take(servers, one);
  return { servers, served, link };
}

const chances = fc.array(fc.constantFrom(0.2, 0.8), { minLength: 1, maxLength: 20 });

test('versions never go back while a client moves between servers that lag, and every one is whole', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), chances, (steps, drawn) => {
      const { served } = live(steps, drawn);
      for (const [n, { version, digest }] of served.entries()) {
        expect(version).toBeGreaterThanOrEqual(served[n - 1]?.version ?? 0);
        expect(digest).toBe(digestOf(version));
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a client that moved between servers that lag holds the head once they do', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), chances, (steps, drawn) => {
      const { servers, link } = live(steps, drawn);
      // Connections that were lost are made again; those that are late for a version hear of it by a heartbeat.
      for (let round = 0; round < 6; round += 1) {
        for (let n = 0; n < servers.head; n += 1) [0, 1].forEach((which) => servers.learn(which));
        servers.settle();
        for (let n = 0; n < world.sockets.length; n += 1) servers.beat(n);
        servers.settle();
        world.clock.advance(HEARTBEAT / 2);
      }
      expect(link.line()).toBeDefined();
      expect(link.state()).toMatchObject({ version: servers.head, digest: digestOf(servers.head) });
    }),
    { numRuns: 500 },
  );
});

/** A link at version 1 on one connection, which has said hello on another. */
function moving(): ReturnType<typeof serverLink> {
  const link = serverLink();
  answer(0, 1);
  say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 0, spreadMs: 0 });
  world.clock.advance(0);
  open(1);
  return link;
}

beforeEach(resetWorld);

test('a snapshot that answers a resync does not lead back behind what the old connection has brought since', () => {
  const link = moving();
  say(0, delta(1, 2));
  say(1, welcome(), delta(1, 3));
  expect(sent(1, 'resync')).toMatchObject([{ have: 2 }]);
  say(0, delta(2, 3), delta(3, 4));
  say(1, snapshot(3));
  expect(link.state().version).toBe(4);
  say(1, delta(3, 4), delta(4, 5));
  expect(link.state().version).toBe(5);
});

test('nor do the later parts of a snapshot whose first part came in time', () => {
  const link = moving();
  const whole = snapshot(2);
  if (whole.type !== 'snapshot') throw new Error('It is one');
  say(1, welcome(), { ...whole, parts: 2 });
  say(0, delta(1, 2), delta(2, 3));
  say(1, { ...whole, part: 2, parts: 2 });
  expect(link.state().version).toBe(3);
  say(1, delta(2, 3), delta(3, 4));
  expect(link.state().version).toBe(4);
});

test('a connection whose answer does not fit any more is asked again, and so becomes the one in use', () => {
  const link = moving();
  say(0, delta(1, 2));
  say(1, welcome(), delta(1, 3));
  say(0, delta(2, 3));
  say(1, delta(2, 4), delta(4, 5));
  expect(sent(1, 'resync')).toMatchObject([{ have: 2 }, { have: 3 }]);
  say(1, delta(3, 5));
  expect(link.state().version).toBe(5);
  expect(link.line()).toBeDefined();
  expect(socket(0).closed).toBe(true);
});

test('a lower version that the server insists on is accepted after a late one was not', () => {
  const link = moving();
  say(0, delta(1, 3));
  say(1, welcome(), snapshot(2));
  expect(link.state().version).toBe(3);
  say(1, heartbeat(2), snapshot(2));
  expect(link.state().version).toBe(2);
});
