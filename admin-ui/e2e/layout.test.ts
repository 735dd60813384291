import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from './support/seed.ts';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;

beforeAll(async () => {
  ui = await startUi();
  await seed(ui.server);
  await ui.server.api('POST', '/tokens', { name: 'nightly', role: 'viewer' });
  await ui.server.api('POST', '/projects/default/environments/production/keys', { kind: 'server', name: 'shop' });
  for (const [key, position] of [
    ['test', 2],
    ['staging', 3],
  ] as const) {
    await ui.server.api('POST', '/projects/default/environments', { key, position, copyFrom: 'production' });
  }
});
afterAll(() => ui.stop());

const PAGES = [
  'flags',
  'flags/new-checkout',
  'segments',
  'keys',
  'connections',
  'changes',
  'settings/appearance',
  'settings/tokens',
  'settings/environments',
  'settings/account',
];

/** How much wider the content is than its frame; 0 when nothing scrolls sideways. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const frames = [document.documentElement, document.getElementById('main') ?? document.documentElement];
    return Math.max(...frames.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
}

/** Interactive boxes below a size, links in running text aside. */
async function small(page: Page, least: number, selector: string): Promise<readonly string[]> {
  return page.evaluate(
    ([size, wanted]) =>
      [...document.querySelectorAll<HTMLElement>(wanted)]
        .filter((element) => element.checkVisibility() && element.closest('.hidden, [aria-hidden=true]') === null)
        .filter((element) => {
          const { width, height } = element.getBoundingClientRect();
          return width > 0 && (width < size || height < size);
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    [least, selector] as const,
  );
}

test.each([
  [320, 'en-GB'],
  [360, 'en-GB'],
  [360, 'zh-CN'],
  [768, 'en-GB'],
  [1000, 'en-GB'],
  [1440, 'en-GB'],
])('at a width of %i pixels, in %s, nothing scrolls sideways and nothing is too small', async (width, locale) => {
  const window = await ui.signedIn({ locale, viewport: { width, height: 740 } });
  const page = await window.newPage();
  for (const path of PAGES) {
    await open(page, path);
    expect([path, await overflow(page)]).toEqual([path, 0]);
    const controls = 'button, select, textarea, input:not([type=radio], [type=checkbox], [type=range])';
    expect([path, await small(page, 24, controls)]).toEqual([path, []]);
    if (width === 360) await screenshot(page, `${path.replaceAll('/', '-')}-${locale.slice(0, 2)}-360`);
  }
  await window.close();
});

test('on a phone the cells are large enough for a thumb, and the kill switch works by touch', async () => {
  const window = await ui.signedIn({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await window.newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('switch').first().waitFor();
  expect(await small(page, 44, 'main [role=switch], nav[aria-label=Main] a')).toEqual([]);
  await page.getByRole('link', { name: 'new-checkout' }).tap();
  const kill = page.getByRole('button', { name: 'Kill switch' });
  await kill.waitFor();
  expect((await kill.boundingBox())?.y).toBeLessThan(740);
  await kill.tap();
  await page.getByRole('dialog').waitFor();
  await screenshot(page, 'kill-360');
  await page.getByRole('button', { name: 'Turn off now' }).tap();
  await page.getByRole('switch', { name: 'new-checkout, Production, Dark' }).waitFor();
  await screenshot(page, 'killed-360');
  await window.close();
});

test('names that try to be markup, or to be very long, stay text and break nothing', async () => {
  const { api } = ui.server;
  const evil = '<img src=x onerror=alert(1)> \u202Etxet \u2028'.repeat(4);
  await api('POST', '/projects/default/flags', {
    key: 'k'.repeat(128),
    description: evil,
    tags: ['<b>bold</b>'],
    owner: evil,
  });
  await api('POST', '/projects/default/segments', { key: 's'.repeat(128), description: evil });
  const window = await ui.signedIn({ viewport: { width: 360, height: 740 } });
  const page = await window.newPage();
  for (const path of ['flags', `flags/${'k'.repeat(128)}`, `segments?segment=${'s'.repeat(128)}`, 'changes']) {
    await open(page, path);
    expect([path, await overflow(page)]).toEqual([path, 0]);
    expect(await page.locator('main img').count()).toBe(0);
  }
  await window.close();
});

test('with reduced motion nothing moves', async () => {
  const window = await ui.signedIn();
  const page = await window.newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('switch', { name: /gift-cards, Development/ }).click();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await window.close();
});

test('the console stayed silent', () => {
  expect(ui.complaints).toEqual([]);
});
