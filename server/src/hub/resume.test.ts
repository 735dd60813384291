import type { Down, RulesetDown, SyncAnswer } from '@dimmer/core/protocol';
import { encodeCursor } from '@dimmer/core/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { booleanFlag } from './testing/flags.ts';
import { ENVIRONMENT, SERVER_KEY, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

/** What a server SDK that comes with a cursor is answered; undefined: nothing newer over HTTP. */
type Ask = (cursor?: string) => Promise<RulesetDown | undefined>;

const overSocket: Ask = async (cursor) => {
  const client = await hub.greet(cursor === undefined ? {} : { cursor });
  expect(await client.next()).toMatchObject({ type: 'welcome', environment: { id: ENVIRONMENT, key: 'production' } });
  const message = await client.next();
  await client.close();
  return message as RulesetDown;
};

const overHttp: Ask = async (cursor) => {
  const query = cursor === undefined ? '' : `?cursor=${cursor}`;
  const response = await fetch(`${hub.url}/sdk/v1/sync${query}`, {
    headers: { authorization: `Bearer ${SERVER_KEY}` },
  });
  if (response.status === 304) return undefined;
  expect(response.status).toBe(200);
  const { welcome, message } = (await response.json()) as SyncAnswer;
  expect(welcome.environment).toEqual({ id: ENVIRONMENT, key: 'production', project: 'default' });
  return message as RulesetDown;
};

/** An environment at version 4 whose snapshot is much larger than any one change. */
async function started(): Promise<TestHub> {
  hub = await startTestHub();
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`other-${n}`, booleanFlag(true)]));
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(false), ...many } });
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(false), b: booleanFlag(true) } });
  return hub;
}

const at = (version: number): string => {
  const { digest } = hub.source.peek(ENVIRONMENT) ?? { digest: '' };
  return encodeCursor({ epoch: hub.source.epoch, version, digest });
};

describe.each([
  { transport: 'the stream', ask: overSocket, current: { type: 'current', version: 4 } },
  { transport: 'polling', ask: overHttp, current: undefined },
])('a server SDK that resumes over $transport', ({ ask, current }) => {
  it('gets a snapshot when it has no cursor', async () => {
    await started();
    const message = await ask();
    expect(message).toMatchObject({ type: 'snapshot', version: 4, part: 1, parts: 1, segments: {} });
    expect(message).not.toHaveProperty('reason');
    expect(Object.keys((message as { flags: object }).flags)).toHaveLength(42);
  });

  it('gets a snapshot when its cursor is no cursor', async () => {
    await started();
    expect(await ask('nonsense')).toMatchObject({ type: 'snapshot', version: 4 });
  });

  it('gets a snapshot when its epoch is another one', async () => {
    await started();
    const digest = hub.source.peek(ENVIRONMENT)?.digest ?? '';
    const cursor = encodeCursor({ epoch: 'f'.repeat(32), version: 4, digest });
    expect(await ask(cursor)).toMatchObject({ type: 'snapshot', reason: 'epoch', version: 4 });
  });

  it('gets a snapshot when the database confirms a lower head than its own', async () => {
    await started();
    expect(await ask(at(9))).toMatchObject({ type: 'snapshot', reason: 'future', version: 4 });
  });

  it('is answered from the log when the database has the version that we had not seen', async () => {
    await started();
    const cursor = at(4);
    hub.source.database = (id) => hub.source.commit(id, { flags: { late: booleanFlag(true) } });
    const five = encodeCursor({ epoch: hub.source.epoch, version: 5, digest: '0000000000000001' });
    expect(await ask(five)).toMatchObject({ type: 'snapshot', reason: 'diverged', version: 5 });
    expect(await ask(cursor)).toMatchObject({ type: 'delta', from: 4, to: 5 });
  });

  it('hears that it has the head when version and digest agree', async () => {
    await started();
    const cursor = hub.source.peek(ENVIRONMENT)?.cursor ?? '';
    const message = await ask(cursor);
    if (current === undefined) expect(message).toBeUndefined();
    else expect(message).toEqual({ ...current, cursor });
  });

  it('gets a snapshot when it has the head with another digest', async () => {
    await started();
    const cursor = encodeCursor({ epoch: hub.source.epoch, version: 4, digest: '0123456789abcdef' });
    expect(await ask(cursor)).toMatchObject({ type: 'snapshot', reason: 'diverged' });
  });

  it('gets one compacted delta when its version is in the log', async () => {
    await started();
    const cursor = cursorsOf()[1] ?? '';
    const message = await ask(cursor);
    expect(message).toMatchObject({ type: 'delta', from: 2, to: 4, cursor: hub.source.peek(ENVIRONMENT)?.cursor });
    expect(Object.keys((message as { put: { flags: object } }).put.flags)).toEqual(['a', 'b']);
  });

  it('gets a snapshot when its version has another digest in the log', async () => {
    await started();
    expect(await ask(at(2))).toMatchObject({ type: 'snapshot', reason: 'diverged', version: 4 });
  });

  it('gets a snapshot when its version is older than the log', async () => {
    await started();
    const cursor = cursorsOf()[1] ?? '';
    hub.source.forgetLog(ENVIRONMENT, 2);
    expect(await ask(cursor)).toMatchObject({ type: 'snapshot', reason: 'compacted', version: 4 });
  });

  it('gets a snapshot when a delta would be almost as large', async () => {
    await started();
    const first = cursorsOf()[0] ?? '';
    expect(await ask(first)).toMatchObject({ type: 'snapshot', reason: 'size', version: 4 });
  });
});

/** Cursors of all versions, as clients were given them. */
function cursorsOf(): string[] {
  return hub.source.history(ENVIRONMENT).map(({ cursor }) => cursor);
}

describe('a server SDK that is ahead of a head which cannot be confirmed', () => {
  it('keeps its socket and is sent no state until the database answers', async () => {
    await started();
    const { database } = hub.source;
    hub.source.database = undefined;
    const client = await hub.greet({ cursor: at(9) });
    await client.nextOf('welcome');
    hub.clock.advance(10_000);
    await hub.settled();
    expect(client.received.map((message: Down) => message.type)).toEqual(['welcome']);
    hub.source.database = database;
    hub.clock.advance(1_000);
    expect(await client.next()).toMatchObject({ type: 'snapshot', reason: 'future' });
  });

  it('is refused for now when it polls', async () => {
    await started();
    hub.source.database = undefined;
    const headers = { authorization: `Bearer ${SERVER_KEY}` };
    const response = await fetch(`${hub.url}/sdk/v1/sync?cursor=${at(9)}&wait=25`, { headers });
    expect(response.status).toBe(503);
  });
});
