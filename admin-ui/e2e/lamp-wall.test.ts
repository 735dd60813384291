import { startLampWall, type LampWall } from '@dimmer/example-lamp-wall';
import { startTestServer, type TestServer } from '@dimmer/server/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from './support/axe.ts';
import { launchBrowser } from './support/browser.ts';
import { screenshot } from './support/ui.ts';

let dimmer: TestServer;
let wall: LampWall;
let browser: Browser;

beforeAll(async () => {
  dimmer = await startTestServer();
  const { url, serverKey, clientKey } = dimmer;
  wall = await startLampWall({ dimmerUrl: url, serverKey, clientKey, port: 0, adminUrl: url });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await wall.stop();
  await dimmer.stop();
});

describe('somebody watches the lamp wall', () => {
  test('while a flag is made, rolled out, raised and switched off', async () => {
    const page = await open('en-GB');
    await page.getByRole('heading', { name: 'The flag “lamps” does not exist yet' }).waitFor();
    await page.getByRole('link', { name: 'Open the admin UI' }).waitFor();

    await succeed('POST', '/projects/default/flags', { key: 'lamps' });
    await page.getByRole('heading', { name: 'Browsers may not see “lamps”' }).waitFor();

    await succeed('PATCH', '/projects/default/flags/lamps', { clientVisible: true });
    await page.locator('#hint').waitFor({ state: 'hidden' });
    await page.getByText('Your lamp is dark').waitFor();

    await rollOut(10);
    await page.getByText(/lit up, 0 went dark/).waitFor();
    const tenth = await litLamps(page);
    expect(tenth.length).toBeGreaterThan(60);
    expect(tenth.length).toBeLessThan(140);
    await page.getByRole('heading', { name: `${tenth.length} of 1,000 lamps are lit` }).waitFor();

    await rollOut(20);
    await page.waitForFunction((before) => document.querySelectorAll('.wall .on').length > before, tenth.length);
    const fifth = await litLamps(page);
    expect(fifth).toEqual(expect.arrayContaining(tenth));
    await screenshot(page, 'lamp-wall');

    await succeed('PATCH', '/projects/default/flags/lamps/settings/production', { enabled: false });
    await page.getByRole('heading', { name: '0 of 1,000 lamps are lit' }).waitFor();
    await page.close();
  });

  test('and finds that "you" and the wall agree about everybody asked', async () => {
    await rollOut(50);
    const page = await open('en-GB');
    await page.waitForFunction(() => document.querySelectorAll('.wall .on').length > 300);
    const lit = await litLamps(page);
    for (const n of [1, 7, 500, 999, 1000]) {
      await page.getByRole('spinbutton', { name: 'You are user number' }).fill(String(n));
      await page.keyboard.press('Enter');
      await page.getByText(lit.includes(n) ? 'Your lamp is lit' : 'Your lamp is dark').waitFor();
      expect(await page.locator('.wall .me').getAttribute('data-n')).toBe(String(n));
    }
    await page.close();
  });

  test('in Chinese, on a narrow phone, without anything to scroll sideways', async () => {
    const page = await open('zh-CN', 360);
    await page.getByRole('heading', { name: '灯墙' }).waitFor();
    await page.getByRole('heading', { name: /1,000 盏灯中有 \d+ 盏亮着/ }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.close();
  });
});

test.each([
  ['en-GB', 'light', 1280],
  ['zh-CN', 'dark', 360],
] as const)('the page keeps nobody out, in %s, %s, %i pixels wide', async (locale, colorScheme, width) => {
  const page = await open(locale, width, colorScheme);
  await page.getByText(/Your lamp is|你的灯/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.close();
});

/** A fresh reader; an error that the page does not catch fails the run. */
async function open(locale: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.fail(`The page failed: ${error.message}`));
  await page.goto(wall.url);
  return page;
}

async function litLamps(page: Page): Promise<number[]> {
  return await page.locator('.wall .on').evaluateAll((lamps) => lamps.map((lamp) => Number(lamp.dataset['n'])));
}

async function rollOut(percent: number): Promise<void> {
  await succeed('PUT', '/projects/default/flags/lamps/settings/production/rollout', { percent, enabled: true });
}

async function succeed(method: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await dimmer.api(method, path, body);
  expect(status, JSON.stringify(answer)).toBeLessThan(300);
}
