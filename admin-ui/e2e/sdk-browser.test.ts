import { startTestServer, type TestServer } from '@dimmer/server/testing';
import type { Client } from '@dimmer/sdk-browser';
import type { Browser, BrowserContext, Page, WebSocket } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { startFirstParty, type FirstParty } from './support/first-party.ts';

declare global {
  interface Window {
    sdk: typeof import('@dimmer/sdk-browser') & typeof import('@dimmer/sdk-browser/cache');
    dimmer: Client;
    /** Lets the time pass after which a hidden page gives its connection up. */
    twoMinutes: (() => void) | undefined;
  }
}

const FLAG = '/projects/default/flags/banner';
const SETTINGS = `${FLAG}/settings/production`;

let dimmer: TestServer;
let browser: Browser;
let app: FirstParty;
let context: BrowserContext;
let page: Page;
let requests: string[];
let sockets: { readonly url: string; readonly said: string[]; readonly heard: string[] }[];

beforeAll(async () => {
  [dimmer, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  await dimmer.api('POST', '/projects/default/flags', { key: 'banner', clientVisible: true });
});

afterAll(async () => {
  await browser.close();
  await dimmer.stop();
});

beforeEach(async () => {
  await turn(false);
  app = await startFirstParty(dimmer.url);
  context = await browser.newContext();
  page = await context.newPage();
  requests = [];
  sockets = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('websocket', record);
  await page.goto(app.url);
  await page.waitForFunction(() => window.sdk);
});

afterEach(async () => {
  await context.close();
  await app.stop();
});

describe('a page that reaches Dimmer through its own origin', () => {
  test('connects to a path of it, and sees a change at once', async () => {
    expect(await start()).toBe('live');
    expect(sockets.map(({ url }) => url)).toEqual([`${app.url.replace('http', 'ws')}/dimmer/client/v1/stream`]);
    expect(await status()).toMatchObject({ state: 'live', transport: 'socket' });
    await turn(true);
    await page.waitForFunction(() => window.dimmer.isEnabled('banner'));
    expect(requests.filter((path) => /dimmer|fallback/.test(path))).toEqual([]);
  });

  test('polls where no WebSocket comes through, and loads what does so only then', async () => {
    app.mode = 'blocked';
    expect(await start()).toBe('live');
    expect(await status()).toMatchObject({ state: 'live', source: 'live', transport: 'polling' });
    expect(requests.filter((path) => path.includes('fallback')).length).toBe(1);
    await turn(true);
    await page.waitForFunction(() => window.dimmer.isEnabled('banner'));
    const switched = await page.evaluate(() => window.dimmer.setContext({ targetingKey: 'bob' }));
    expect(switched).toBe(true);
    expect(new Set(requests.filter((path) => path.startsWith('/dimmer')))).toEqual(new Set(['/dimmer/client/v1/sync']));
  });
});

describe('a page that nobody sees', () => {
  test('gives its connection up after two minutes, and comes back with its cursor', async () => {
    await start();
    await show(false);
    expect(app.open()).toBe(1);
    await page.evaluate(() => window.twoMinutes?.());
    await vi.waitFor(() => expect(app.open()).toBe(0), 20_000);
    expect(await status()).toMatchObject({ state: 'stale', transport: undefined });

    await show(true);
    await page.waitForFunction(() => window.dimmer.status.state === 'live');
    expect(stateAnswers()).toEqual([['snapshot'], ['current']]);
    expect(sockets[1]?.said[0]).toMatch(/^\{"type":"hello".*"cursor":"/);

    await show(false);
    await page.evaluate(() => window.twoMinutes?.());
    await vi.waitFor(() => expect(app.open()).toBe(0), 20_000);
    await turn(true);
    await show(true);
    await page.waitForFunction(() => window.dimmer.isEnabled('banner'));
    expect(stateAnswers()[2]).toEqual(['snapshot']);
  });

  test('keeps its connection when it is seen again before', async () => {
    await start();
    await show(false);
    await show(true);
    expect(await page.evaluate(() => window.twoMinutes)).toBeUndefined();
    expect([app.open(), sockets.length]).toEqual([1, 1]);
  });

  test.each([
    ['frozen', 'freeze', 'resume'],
    ['kept for the way back', 'pagehide', 'pageshow'],
  ])('has none while it is %s', async (_how, away, back) => {
    await start();
    await page.evaluate((type) => document.dispatchEvent(new Event(type, { bubbles: true })), away);
    await vi.waitFor(() => expect(app.open()).toBe(0), 20_000);
    await page.evaluate((type) => document.dispatchEvent(new Event(type, { bubbles: true })), back);
    await page.waitForFunction(() => window.dimmer.status.state === 'live');
    expect(stateAnswers()).toEqual([['snapshot'], ['current']]);
  });
});

test('a page without a network makes no attempts, and one at once when it is back', async () => {
  await start();
  await context.setOffline(true);
  app.cut();
  await page.waitForFunction(() => window.dimmer.status.state === 'stale');
  // Without chance in it, the delay before the next attempt is none: a timer set now is behind it.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(sockets.length).toBe(1);
  await context.setOffline(false);
  await page.waitForFunction(() => window.dimmer.status.state === 'live');
  expect(stateAnswers()).toEqual([['snapshot'], ['current']]);
});

describe('values kept in the browser', () => {
  test('serve the next page before it has connected, and are gone when wiped', async () => {
    await turn(true);
    await start({ cached: true });
    app.mode = 'down';
    app.cut();
    await reload();
    const [source, first, value] = await page.evaluate(async (key) => {
      const cache = window.sdk.createLocalCache();
      window.dimmer = window.sdk.createClient({ url: '/dimmer', key, context: { targetingKey: 'ann' }, cache });
      return [window.dimmer.status.source, window.dimmer.isEnabled('banner'), await window.dimmer.ready()] as const;
    }, dimmer.clientKey);
    expect([source, first, value]).toEqual(['cache', true, 'cache']);
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    expect(kept).not.toContain(dimmer.clientKey);
    await page.evaluate(() => window.sdk.createLocalCache().clear());
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  test('are those of the last contexts only', async () => {
    await start({ cached: true, context: { targetingKey: 'user-0' } });
    await page.evaluate(async () => {
      localStorage.setItem('other', 'of the application');
      for (let n = 1; n < 8; n++) await window.dimmer.setContext({ targetingKey: `user-${n}` });
    });
    const keys = await page.evaluate(() => Object.keys(localStorage));
    expect(keys.filter((key) => key.startsWith('dimmer.values.')).length).toBe(5);
    expect(keys).toContain('other');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('user-');
  });

  test('are none when the storage is full, and everything else works', async () => {
    await page.evaluate(() => {
      for (let size = 2 ** 20; size >= 1; size /= 2) {
        try {
          for (let n = 0; ; n++) localStorage.setItem(`full-${size}-${n}`, 'x'.repeat(size));
        } catch {
          // Then with less.
        }
      }
    });
    expect(await start({ cached: true })).toBe('live');
    expect(await page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('dimmer')))).toBe(false);
  });

  test('are none where the browser blocks storage, and everything else works', async () => {
    await page.goto(`${app.url}/sandboxed`);
    await page.waitForFunction(() => window.sdk);
    expect(await page.evaluate(() => Reflect.has(window, 'origin') && window.origin)).toBe('null');
    expect(await start({ cached: true, url: `${app.url}/dimmer` })).toBe('live');
  });

  test('that are damaged are not used', async () => {
    await start({ cached: true });
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage)) localStorage.setItem(key, `${Date.now()} {"values":`);
    });
    await reload();
    expect(await start({ cached: true })).toBe('live');
  });
});

interface StartOptions {
  readonly url?: string;
  readonly context?: { readonly targetingKey: string };
  readonly cached?: boolean;
}

/** Starts the page's client, with a clock on which two minutes pass when the test says so, and gives what `ready` does. */
async function start(options: StartOptions = {}): Promise<string> {
  const all = { url: '/dimmer', key: dimmer.clientKey, context: { targetingKey: 'ann' }, ...options };
  return await page.evaluate(async ({ cached, ...given }) => {
    const after = (ms: number, callback: () => void): (() => void) => {
      if (ms === 120_000) {
        window.twoMinutes = callback;
        return () => (window.twoMinutes = undefined);
      }
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    };
    const clock = { now: () => performance.now(), wall: Date.now, after };
    const cache = cached ? window.sdk.createLocalCache() : undefined;
    window.dimmer = window.sdk.createClient({ ...given, cache }, { clock, random: () => 0 });
    return await window.dimmer.ready();
  }, all);
}

async function status(): Promise<Client['status']> {
  return await page.evaluate(() => window.dimmer.status);
}

async function reload(): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => window.sdk);
}

/** A headless browser shows every page, so the page is told otherwise in the way the browser would. */
async function show(visible: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    },
    visible ? 'visible' : 'hidden',
  );
}

async function turn(enabled: boolean): Promise<void> {
  const { status, body } = await dimmer.api('PATCH', SETTINGS, { enabled });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
}

function record(socket: WebSocket): void {
  const said: string[] = [];
  const heard: string[] = [];
  sockets.push({ url: socket.url(), said, heard });
  socket.on('framesent', ({ payload }) => said.push(String(payload)));
  socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
}

/** By socket, what the server answered about the state. */
function stateAnswers(): string[][] {
  return sockets.map(({ heard }) =>
    heard
      .map((frame) => (JSON.parse(frame) as { type: string }).type)
      .filter((type) => ['snapshot', 'delta', 'current'].includes(type)),
  );
}
