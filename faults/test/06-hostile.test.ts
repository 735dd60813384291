import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientFrame, openRawStream, seededRandom } from '../src/raw-stream.ts';
import { startServer } from '../src/server-under-test.ts';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { createFlags, mustRollOut } from '../src/writer.ts';
import { after, caughtUp, sdk, sized } from './support.ts';

let shared: ServerUnderTest;
beforeAll(async () => {
  shared = await startServer({ node: ['--expose-gc'] });
  await createFlags(shared.api, 1);
});
afterAll(() => shared.stop());

const HELLO = Buffer.from(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'raw/1', instanceId: '0'.repeat(32) }));
const text = (payload: string): Buffer => Buffer.from(payload);

async function openRaw() {
  const stream = await openRawStream(shared.port, shared.serverKey);
  after(() => void stream.socket.destroy());
  return stream;
}

test('fault 32: a frame that breaks the WebSocket protocol is answered by its close code, and ends only its connection', async () => {
  const frames: readonly (readonly [what: string, frame: Buffer, code: number])[] = [
    ['a reserved bit', clientFrame({ payload: text('{}'), reserved: 4 }), 1002],
    ['a frame without a mask', clientFrame({ payload: text('{}'), masked: false }), 1002],
    ['a reserved opcode', clientFrame({ payload: text('{}'), opcode: 3 }), 1002],
    ['a control frame in pieces', clientFrame({ payload: text(''), opcode: 9, final: false }), 1002],
    ['a control frame that is too long', clientFrame({ payload: Buffer.alloc(126), opcode: 9 }), 1002],
    ['a continuation of nothing', clientFrame({ payload: text('x'), opcode: 0 }), 1002],
    ['text that is no UTF-8', clientFrame({ payload: Buffer.from([0xc3, 0x28]) }), 1007],
    ['a binary message', clientFrame({ payload: text('{}'), opcode: 2 }), 4400],
    ['a message that is no JSON', clientFrame({ payload: text('{') }), 4400],
  ];
  const told = sdk({ url: shared.url, key: shared.serverKey });
  await caughtUp(told, shared);
  for (const [what, frame, code] of frames) {
    const stream = await openRaw();
    stream.socket.write(Buffer.concat([clientFrame({ payload: HELLO }), frame]));
    expect(await stream.closed(10_000), what).toBe(code);
  }
  await mustRollOut(shared.api, 'flag-0', 10);
  await caughtUp(told, shared);
  expect(told.states).toEqual(['live']);
});

test('fault 32: whatever bytes come, the process lives and its clients are served', { timeout: 300_000 }, async () => {
  const random = seededRandom(20_260_801);
  const pick = (below: number): number => Math.floor(random() * below);
  const told = sdk({ url: shared.url, key: shared.serverKey });
  await caughtUp(told, shared);
  const pid = shared.pid();
  const cases = sized(200, 10_000);
  for (let n = 0; n < cases; n += 1) {
    const stream = await openRaw();
    const bytes = Buffer.concat([
      ...(pick(2) === 0 ? [clientFrame({ payload: HELLO })] : []),
      clientFrame({
        payload: Buffer.from(Array.from({ length: pick(300) }, () => pick(256))),
        opcode: pick(16),
        reserved: pick(4) === 0 ? pick(8) : 0,
        final: pick(3) > 0,
        masked: pick(4) > 0,
      }),
      Buffer.from(Array.from({ length: pick(20) }, () => pick(256))),
    ]);
    stream.socket.end(bytes);
    if (n % 20 === 19) await stream.closed(10_000);
  }
  await mustRollOut(shared.api, 'flag-0', 20);
  await caughtUp(told, shared);
  expect(shared.pid()).toBe(pid);
  expect(told.states).toEqual(['live']);
});

test('fault 34: a message of a byte too many is refused by its length, before it is there', async () => {
  const stream = await openRaw();
  const frame = clientFrame({ payload: Buffer.alloc(65_537, 0x20) });
  stream.socket.write(clientFrame({ payload: HELLO }));
  stream.socket.write(frame.subarray(0, 100));
  expect(await stream.closed(10_000)).toBe(1009);
});

test('fault 35: a message in endless pieces ends the connection and fills no memory', async () => {
  const before = await shared.tell<{ heapUsed: number }>({ kind: 'memory' });
  const first = clientFrame({ payload: text('"'), final: false });
  const more = clientFrame({ payload: text('x'), opcode: 0, final: false });
  for (let n = 0; n < sized(20, 200); n += 1) {
    const stream = await openRaw();
    stream.socket.write(
      Buffer.concat([clientFrame({ payload: HELLO }), first, ...Array.from({ length: 50_000 }, () => more)]),
    );
    expect([1008, 1009, undefined]).toContain(await stream.closed(10_000));
  }
  const afterwards = await shared.tell<{ heapUsed: number }>({ kind: 'memory' });
  expect(afterwards.heapUsed).toBeLessThan(before.heapUsed + 20 * 1_048_576);
});
