import { describe, expect, test } from 'vitest';
import { parseDown, parseUp } from '@dimmer/core/protocol';

const hello = { type: 'hello', protocol: 1, sdk: 'node/0.1.0', instanceId: '0123456789abcdef0123456789abcdef' };

describe('reading a frame', () => {
  test('a message of a known shape comes back as it is, with fields nobody knows yet', () => {
    const frame = { ...hello, colour: 'blue' };
    expect(parseUp(JSON.stringify(frame))).toEqual({ kind: 'message', message: frame });
  });

  test('a message of an unknown type is named so that it can be ignored', () => {
    expect(parseDown('{"type":"poem","lines":3}')).toEqual({ kind: 'unknown', type: 'poem' });
    expect(parseDown('{"type":"constructor"}')).toEqual({ kind: 'unknown', type: 'constructor' });
  });

  test.each(['', '{', 'null', '[]', '"welcome"', '{}', '{"type":7}', '\u0000'])('%j is malformed', (frame) => {
    expect(parseDown(frame).kind).toBe('malformed');
    expect(parseUp(frame).kind).toBe('malformed');
  });

  test('a breach of a known shape names message and field', () => {
    expect(parseDown('{"type":"current","version":"7","cursor":"x"}')).toEqual({
      kind: 'malformed',
      reason: 'current.version',
    });
    expect(parseDown('{"type":"goodbye","reconnectAfterMs":1}')).toEqual({
      kind: 'malformed',
      reason: 'goodbye.spreadMs',
    });
  });

  test.each([
    ['a short instance id', { ...hello, instanceId: 'abc' }, 'hello.instanceId'],
    ['a context that is a list', { ...hello, context: [] }, 'hello.context'],
    ['an endless cursor', { ...hello, cursor: 'x'.repeat(257) }, 'hello.cursor'],
    [
      'a negative count',
      { type: 'usage', seq: 1, from: 0, to: 1, counts: { a: { b: -1 } }, unknown: {} },
      'usage.counts',
    ],
    ['a reason of its own', { type: 'resync', have: 0, reason: 'boredom' }, 'resync.reason'],
    [
      'a digest in capitals',
      { type: 'receipt', version: 1, digest: 'ABCDEFABCDEFABCD', applyMs: 0, heldMs: 0 },
      'receipt.digest',
    ],
  ])('a server refuses %s', (_, message, reason) => {
    expect(parseUp(JSON.stringify(message))).toEqual({ kind: 'malformed', reason });
  });

  test('a server takes 1,000 unknown keys and refuses 1,001', () => {
    const usage = (keys: number): string => {
      const unknown = Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, 1]));
      return JSON.stringify({ type: 'usage', seq: 1, from: 0, to: 1, counts: {}, unknown });
    };
    expect(parseUp(usage(1000)).kind).toBe('message');
    expect(parseUp(usage(1001))).toEqual({ kind: 'malformed', reason: 'usage.unknown' });
  });
});
