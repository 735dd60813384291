import { describe, expect, test } from 'vitest';
import { createAddressOf } from './client-address.ts';
import { allowedOrigins, isOwnPage, originMayUse } from './origin.ts';
import { createSessionCookie } from './session-cookie.ts';

const own = allowedOrigins('https://flags.example.com');

describe('a write with a cookie', () => {
  test.each([
    ['POST', 'https://flags.example.com', 'same-origin', true],
    ['POST', 'https://flags.example.com', undefined, true],
    ['POST', 'https://flags.example.com.evil.com', undefined, false],
    ['POST', 'http://flags.example.com', undefined, false],
    ['POST', 'https://evil.com', 'cross-site', false],
    ['POST', 'https://flags.example.com', 'same-site', false],
    ['DELETE', 'null', 'cross-site', false],
    ['PATCH', undefined, undefined, false],
    ['PUT', undefined, 'none', false],
    ['GET', 'https://evil.com', 'cross-site', true],
  ])('%s from %s (%s): %s', (method, origin, secFetchSite, expected) => {
    expect(isOwnPage({ method, origin, secFetchSite }, own)).toBe(expected);
  });

  test('may come from the host that was asked, whatever its name', () => {
    const request = { method: 'POST', origin: 'http://10.0.0.5:8420', secFetchSite: 'same-origin' };
    expect(isOwnPage({ ...request, host: '10.0.0.5:8420' }, own)).toBe(true);
    expect(isOwnPage({ ...request, host: '10.0.0.5:8421' }, own)).toBe(false);
    expect(isOwnPage(request, own)).toBe(false);
  });

  test('may come from any name of the own machine when the server is reached there', () => {
    expect([...allowedOrigins('http://localhost:8420')]).toEqual([
      'http://localhost:8420',
      'http://127.0.0.1:8420',
      'http://[::1]:8420',
    ]);
  });
});

test('a key limited to origins is refused to others, and open to what is no browser', () => {
  expect(originMayUse('https://a.com', ['https://a.com'])).toBe(true);
  expect(originMayUse('https://b.com', ['https://a.com'])).toBe(false);
  expect(originMayUse('https://b.com', [])).toBe(false);
  expect(originMayUse(undefined, [])).toBe(true);
  expect(originMayUse('https://b.com', undefined)).toBe(true);
});

describe('the session cookie', () => {
  test('cannot be read by scripts, sent by other sites, or set by other hosts', () => {
    expect(createSessionCookie('https://flags.example.com').set('abc', 60)).toBe(
      '__Host-dimmer=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    expect(createSessionCookie('http://localhost:8420').set('abc', 60)).toBe(
      'dimmer=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  test('is found among others by its whole name', () => {
    const cookie = createSessionCookie('http://localhost:8420');
    expect(cookie.read('xdimmer=1; dimmer=2; dimmer2=3')).toBe('2');
    expect(cookie.read('a=1')).toBeUndefined();
    expect(cookie.read(undefined)).toBeUndefined();
  });
});

describe('the address of a client', () => {
  const request = (peer: string, forwarded?: string) =>
    ({
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      socket: { remoteAddress: peer },
    }) as never;

  test('is the socket’s when no proxy is trusted, whatever the header says', () => {
    expect(createAddressOf([])(request('::ffff:10.0.0.1', '1.2.3.4'))).toBe('10.0.0.1');
  });

  test('is the last one that a trusted proxy did not add itself', () => {
    const addressOf = createAddressOf(['10.0.0.0/8']);
    expect(addressOf(request('10.0.0.1', '6.6.6.6, 1.2.3.4, 10.0.0.2'))).toBe('1.2.3.4');
    expect(addressOf(request('9.9.9.9', '1.2.3.4'))).toBe('9.9.9.9');
    expect(addressOf(request('10.0.0.1', 'garbage'))).toBe('10.0.0.1');
    expect(addressOf(request('10.0.0.1'))).toBe('10.0.0.1');
  });
});
