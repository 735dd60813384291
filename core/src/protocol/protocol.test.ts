import { describe, expect, expectTypeOf, test } from 'vitest';
import { parseDown, parseUp, PROTOCOL_VERSION, SUBPROTOCOL } from '@dimmer/core/protocol';
import type {
  ContextMessage,
  Current,
  Goodbye,
  Heartbeat,
  Hello,
  PresenceMessage,
  Receipt,
  Resync,
  RulesetDelta,
  RulesetSnapshot,
  SpreadMessage,
  StreamError,
  Usage,
  ValueDelta,
  ValueSnapshot,
  Welcome,
} from '@dimmer/core/protocol';

/**
 * The whole protocol on one page. If this file fails, a shape has changed: old clients and old servers are out there,
 * so either keep the change additive and extend the sample, or raise PROTOCOL_VERSION and add to its history.
 */
const h = '00000000000000aa';
const digest = '0123456789abcdef';
const cursor = 'A'.repeat(40);
const flag = { h, def: { type: 'boolean', variants: { on: { value: true } }, enabled: true } } as const;
const segment = { h, def: { condition: { all: [] } } } as const;
const value = { h, value: true, variant: 'on', reason: 'STATIC', errorCode: 'GENERAL', metadata: { a: 1 } } as const;

const DOWN = {
  welcome: {
    type: 'welcome',
    environment: { id: 'env_1', key: 'production', project: 'default' },
    epoch: '0123456789abcdef0123456789abcdef',
    heartbeatMs: 15000,
    receiptJitterMs: 0,
    maxAgeMs: 3600000,
    limits: { messageBytes: 65536, usageMs: 60000 },
  } satisfies Required<Welcome>,
  rulesetSnapshot: {
    type: 'snapshot',
    cursor,
    version: 7,
    digest,
    reason: 'epoch',
    part: 1,
    parts: 2,
    flags: { a: flag },
    segments: { s: segment },
  } satisfies Required<RulesetSnapshot>,
  valueSnapshot: {
    type: 'snapshot',
    cursor,
    version: 7,
    digest,
    reason: 'context',
    part: 1,
    parts: 1,
    contextGeneration: 1,
    values: { a: value },
  } satisfies Required<ValueSnapshot>,
  rulesetDelta: {
    type: 'delta',
    from: 6,
    to: 7,
    cursor,
    digest,
    put: { flags: { a: flag }, segments: { s: segment } },
    remove: { flags: ['b'], segments: ['t'] },
  } satisfies Required<RulesetDelta>,
  valueDelta: {
    type: 'delta',
    from: 6,
    to: 7,
    cursor,
    digest,
    contextGeneration: 1,
    put: { values: { a: value } },
    remove: { values: ['b'] },
  } satisfies Required<ValueDelta>,
  current: { type: 'current', version: 7, cursor, contextGeneration: 1 } satisfies Required<Current>,
  heartbeat: { type: 'heartbeat', version: 7, cursor } satisfies Required<Heartbeat>,
  goodbye: { type: 'goodbye', reason: 'drain', reconnectAfterMs: 100, spreadMs: 5000 } satisfies Required<Goodbye>,
  error: {
    type: 'error',
    code: 'overloaded',
    retryable: true,
    retryAfterMs: 1000,
    message: 'later',
  } satisfies Required<StreamError>,
};

const UP = {
  hello: {
    type: 'hello',
    protocol: 1,
    sdk: 'node/0.1.0',
    instanceId: '0123456789abcdef0123456789abcdef',
    appVersion: '1.2.3',
    key: 'dmr_cli_x',
    cursor,
    context: { targetingKey: 'ann' },
    contextGeneration: 1,
    edge: true,
  } satisfies Required<Hello>,
  receipt: {
    type: 'receipt',
    version: 7,
    digest,
    applyMs: 1,
    heldMs: 2,
    unreadable: ['a'],
  } satisfies Required<Receipt>,
  resync: { type: 'resync', have: 6, reason: 'gap', cursor } satisfies Required<Resync>,
  context: { type: 'context', context: {}, contextGeneration: 2 } satisfies Required<ContextMessage>,
  usage: {
    type: 'usage',
    seq: 1,
    from: 1,
    to: 2,
    counts: { a: { on: 3, '': 1 } },
    unknown: { b: 1 },
  } satisfies Required<Usage>,
  spread: {
    type: 'spread',
    version: 7,
    instances: 3,
    applied: 1,
    gone: 1,
    unaffected: 0,
    polling: 2,
    silent: 0,
    latencies: [[31, 1]],
    late: [
      {
        instanceId: '0123456789abcdef0123456789abcdef',
        sdk: 'node/0.1.0',
        appVersion: '1',
        address: '::1',
        version: 6,
      },
    ],
  } satisfies Required<SpreadMessage>,
  presence: { type: 'presence', connected: 3, polling: 2 } satisfies Required<PresenceMessage>,
};

/** Which fields a reader insists on, which it checks when they are there, and which it leaves alone. */
function signature(sample: object, parse: (frame: string) => { kind: string }): string {
  const reads = (changed: object): boolean => parse(JSON.stringify(changed)).kind === 'message';
  const fields = Object.keys(sample).filter((name) => name !== 'type');
  const mark = (name: string): string => {
    if (!reads({ ...sample, [name]: undefined })) return name;
    return reads({ ...sample, [name]: -1 }) ? `(${name})` : `${name}?`;
  };
  return fields.map(mark).join(' ');
}

describe(`protocol version ${PROTOCOL_VERSION}`, () => {
  test('has this name', () => {
    expect([PROTOCOL_VERSION, SUBPROTOCOL]).toEqual([1, 'dimmer.1']);
  });

  test('has these messages from server to client, and a client insists on these of their fields', () => {
    const signatures = Object.entries(DOWN).map(([name, sample]) => [name, signature(sample, parseDown)]);
    expect(Object.fromEntries(signatures)).toEqual({
      welcome: 'environment epoch heartbeatMs receiptJitterMs (maxAgeMs) limits',
      rulesetSnapshot: 'cursor version digest (reason) part parts (flags) (segments)',
      valueSnapshot: 'cursor version digest (reason) part parts (contextGeneration) (values)',
      rulesetDelta: 'from to cursor digest put remove',
      valueDelta: 'from to cursor digest (contextGeneration) put remove',
      current: 'version cursor (contextGeneration)',
      heartbeat: 'version cursor',
      goodbye: '(reason) reconnectAfterMs spreadMs',
      error: 'code retryable (retryAfterMs) (message)',
    });
    for (const sample of Object.values(DOWN)) {
      expect(parseDown(JSON.stringify(sample))).toEqual({ kind: 'message', message: sample });
    }
  });

  test('has these messages from client to server, and a server insists on these of their fields', () => {
    const signatures = Object.entries(UP).map(([name, sample]) => [name, signature(sample, parseUp)]);
    expect(Object.fromEntries(signatures)).toEqual({
      hello: 'protocol sdk instanceId appVersion? key? cursor? context? contextGeneration? edge?',
      receipt: 'version digest applyMs heldMs unreadable?',
      resync: 'have reason cursor?',
      context: 'context contextGeneration',
      usage: 'seq from to counts unknown',
      spread: 'version instances applied gone unaffected polling silent? latencies late',
      presence: 'connected polling',
    });
    for (const sample of Object.values(UP)) {
      expect(parseUp(JSON.stringify(sample))).toEqual({ kind: 'message', message: sample });
    }
  });

  test('leaves out no field that the types know, which the compiler checks', () => {
    expectTypeOf<keyof Welcome>().toEqualTypeOf<keyof typeof DOWN.welcome>();
    expectTypeOf<keyof RulesetSnapshot>().toEqualTypeOf<keyof typeof DOWN.rulesetSnapshot>();
    expectTypeOf<keyof ValueSnapshot>().toEqualTypeOf<keyof typeof DOWN.valueSnapshot>();
    expectTypeOf<keyof RulesetDelta>().toEqualTypeOf<keyof typeof DOWN.rulesetDelta>();
    expectTypeOf<keyof ValueDelta>().toEqualTypeOf<keyof typeof DOWN.valueDelta>();
    expectTypeOf<keyof Hello>().toEqualTypeOf<keyof typeof UP.hello>();
    expectTypeOf<keyof Usage>().toEqualTypeOf<keyof typeof UP.usage>();
  });
});
