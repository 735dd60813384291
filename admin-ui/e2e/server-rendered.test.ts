import { startServerRendered, type ServerRendered } from '@dimmer/example-server-rendered';
import { startTestServer, type TestServer } from '@dimmer/server/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.ts';

declare global {
  interface Window {
    /** Every text that the page has shown, in order. */
    seen: string[];
  }
}

const FLAGS = '/projects/default/flags';

let dimmer: TestServer;
let shop: ServerRendered;
let browser: Browser;

beforeAll(async () => {
  dimmer = await startTestServer();
  const { url, serverKey, clientKey } = dimmer;
  await succeed('POST', FLAGS, { key: 'new-checkout', clientVisible: true });
  await succeed('POST', FLAGS, {
    key: 'banner',
    clientVisible: true,
    type: 'string',
    variants: { plain: { value: 'Hello' }, festive: { value: 'Happy </script> new year' } },
    off: 'plain',
    default: 'festive',
  });
  await succeed('POST', FLAGS, { key: 'secret-plan' });
  const everywhere = { enabled: true, rules: [{ id: 'ann', if: { attr: 'targetingKey', in: ['ann'] }, serve: 'on' }] };
  await succeed('PATCH', `${FLAGS}/new-checkout/settings/production`, { ...everywhere, default: 'off' });
  await succeed('PATCH', `${FLAGS}/banner/settings/production`, { enabled: true });
  shop = await startServerRendered({ dimmerUrl: url, serverKey, clientKey, port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await shop.stop();
  await dimmer.stop();
});

let page: Page;
let requests: string[];
let sockets: string[][];

beforeEach(async () => {
  page = await browser.newPage();
  requests = [];
  sockets = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('websocket', (socket) => {
    const heard: string[] = [];
    sockets.push(heard);
    socket.on('framereceived', ({ payload }) => heard.push((JSON.parse(String(payload)) as { type: string }).type));
  });
  await page.addInitScript(() => {
    window.seen = [];
    const look = (): void => {
      const text = ['banner', 'checkout'].map((id) => document.getElementById(id)?.textContent).join(' | ');
      if (text !== window.seen.at(-1)) window.seen.push(text);
    };
    const options = { subtree: true, childList: true, characterData: true };
    new MutationObserver(look).observe(document, options);
  });
});

test.each([
  ['ann', 'Happy </script> new year | Buy now, on one page'],
  ['bob', 'Happy </script> new year | Go to the checkout'],
])('%s sees one text from the first paint on, and no value travels twice', async (user, text) => {
  await page.goto(`${shop.url}/?user=${user}`);
  await page.locator('html[data-dimmer=live]').waitFor();
  expect(sockets).toEqual([['welcome', 'current']]);
  expect(requests.filter((path) => !path.endsWith('.js'))).toEqual(['/']);
  expect(await page.evaluate(() => window.seen.filter((seen) => !seen.startsWith(' |')))).toEqual([text]);
  expect(await page.content()).not.toContain('secret-plan');
  await page.close();
});

test('a change of a flag is shown at once, by a delta', async () => {
  await page.goto(`${shop.url}/?user=bob`);
  await page.locator('html[data-dimmer=live]').waitFor();
  await succeed('PATCH', `${FLAGS}/new-checkout/settings/production`, { default: 'on' });
  await page.getByRole('button', { name: 'Buy now, on one page' }).waitFor();
  expect(sockets).toEqual([['welcome', 'current', 'delta']]);
  expect(await page.evaluate(() => window.seen.slice(-2))).toEqual([
    'Happy </script> new year | Go to the checkout',
    'Happy </script> new year | Buy now, on one page',
  ]);
  await succeed('PATCH', `${FLAGS}/new-checkout/settings/production`, { default: 'off' });
  await page.close();
});

test('a page that was rendered before the change catches up when it connects', async () => {
  // As from the cache of a browser or of a proxy: the page is older than what the server has now.
  const old = await (await fetch(`${shop.url}/?user=bob`)).text();
  await succeed('PATCH', `${FLAGS}/new-checkout/settings/production`, { default: 'on' });
  await page.route('**/?user=bob', (route) => route.fulfill({ body: old, contentType: 'text/html' }));
  await page.goto(`${shop.url}/?user=bob`);
  await page.getByRole('button', { name: 'Buy now, on one page' }).waitFor();
  expect(sockets).toEqual([['welcome', 'snapshot']]);
  await succeed('PATCH', `${FLAGS}/new-checkout/settings/production`, { default: 'off' });
  await page.close();
});

test('a page that was rendered for somebody else starts from nothing', async () => {
  const hers = await (await fetch(`${shop.url}/?user=ann`)).text();
  await page.route('**/?user=bob', (route) =>
    route.fulfill({ body: hers.replace('data-user="ann"', 'data-user="bob"'), contentType: 'text/html' }),
  );
  await page.goto(`${shop.url}/?user=bob`);
  await page.locator('html[data-dimmer=live]').waitFor();
  expect(sockets).toEqual([['welcome', 'snapshot']]);
  await page.getByRole('button', { name: 'Go to the checkout' }).waitFor();
  // Between what was meant for the other and its own: the words in the page's code.
  expect(await page.evaluate(() => window.seen.slice(-3))).toEqual([
    'Happy </script> new year | Buy now, on one page',
    'Welcome to the shop | Go to the checkout',
    'Happy </script> new year | Go to the checkout',
  ]);
  await page.close();
});

async function succeed(method: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await dimmer.api(method, path, body);
  expect(status, JSON.stringify(answer)).toBeLessThan(300);
}
