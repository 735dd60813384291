import { afterEach, describe, expect, it } from 'vitest';
import type { TestClient } from './testing/test-client.ts';
import { instanceId, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

const FEW = { receiptsAtOnce: 1, receiptSpacingMs: 100, receiptJitterMs: 1_000 };

const join = async (n: number): Promise<{ client: TestClient; jitterMs: number }> => {
  const client = await hub.greet({ instanceId: instanceId(n) });
  const { receiptJitterMs } = await client.nextOf('welcome');
  const { version, digest } = await client.nextOf('snapshot');
  client.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
  return { client, jitterMs: receiptJitterMs };
};

const typesOf = ({ received }: TestClient): string[] => received.map(({ type }) => type);

describe('the time that receipts are spread over', () => {
  it('is nothing for few clients, grows with their number, and is never longer than its limit', async () => {
    hub = await startTestHub(FEW);
    const all: number[] = [];
    for (let n = 0; n < 14; n += 1) all.push((await join(n)).jitterMs);
    expect(all.slice(0, 4)).toEqual([0, 0, 200, 300]);
    expect(Math.max(...all)).toBe(1_000);
  });

  it('is said again with the next heartbeat to those who came when few were there, and only once', async () => {
    hub = await startTestHub(FEW);
    const { client: first } = await join(1);
    for (let n = 2; n <= 4; n += 1) await join(n);
    hub.clock.advance(17_000);
    await hub.settled();
    expect(typesOf(first)).toEqual(['welcome', 'snapshot', 'welcome', 'heartbeat']);
    expect(first.received[2]).toMatchObject({ receiptJitterMs: 400 });
    hub.clock.advance(17_000);
    await hub.settled();
    expect(typesOf(first).slice(4)).toEqual(['heartbeat']);
  });

  it('is said again when most have gone', async () => {
    hub = await startTestHub(FEW);
    const others: TestClient[] = [];
    for (let n = 1; n <= 4; n += 1) others.push((await join(n)).client);
    const { client: last, jitterMs } = await join(5);
    expect(jitterMs).toBe(400);
    for (const other of others) await other.close();
    await hub.settled();
    hub.clock.advance(17_000);
    await hub.settled();
    expect(last.received.slice(2)).toMatchObject([{ type: 'welcome', receiptJitterMs: 0 }, { type: 'heartbeat' }]);
  });
});
