import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityFaults as findings } from './support/axe.ts';
import { seed } from './support/seed.ts';
import { EMAIL, open, PASSWORD, screenshot, setUpPath, startUi, type Ui } from './support/ui.ts';

let ui: Ui;

beforeAll(async () => {
  ui = await startUi();
});
afterAll(() => ui.stop());

/** Name of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return `${element?.localName}: ${element?.getAttribute('aria-label') ?? element?.textContent ?? ''}`;
  });
}

test('a set-up link pasted into a page that is already open is taken', async () => {
  const page = await (await ui.context()).newPage();
  await page.goto('/setup');
  await page.getByText('This page needs the one-time link').waitFor();
  await page.evaluate((hash) => location.assign(hash), new URL(setUpPath(ui.server), ui.server.url).hash);
  await page.getByLabel('E-mail').fill(EMAIL);
  expect(new URL(page.url()).hash).toBe('');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();
});

test('after a confirmation the focus is where it was before, or next to what has gone', async () => {
  await seed(ui.server);
  await ui.server.api('POST', '/tokens', { name: 'nightly', role: 'viewer' });
  await ui.server.api('POST', '/tokens', { name: 'weekly', role: 'viewer' });
  const page = await (await signedIn()).newPage();
  await open(page, 'flags');
  const cell = page.getByRole('switch', { name: /^two-factor, Production/ });
  await cell.focus();
  await page.keyboard.press('Space');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: 'two-factor, Production, Dark' }).waitFor();
  expect(await focused(page)).toBe('button: two-factor, Production, Dark');

  await open(page, 'flags/new-checkout');
  await page.getByRole('button', { name: '5%', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Apply', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('region', { name: 'Pending changes' }).waitFor({ state: 'detached' });
  expect(await focused(page)).not.toMatch(/^body/);

  await open(page, 'settings/tokens');
  await page.getByRole('button', { name: 'Revoke nightly' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('button', { name: 'Revoke now' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /nightly/ }).waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe('button: Revoke weekly');
});

test('a project that does not exist is said not to, with a way to those that do', async () => {
  const window = await signedIn();
  const page = await window.newPage();
  await page.goto('/p/nope/flags');
  await page.getByRole('heading', { level: 1, name: 'There is no project “nope”' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await screenshot(page, 'no-project');
  await page.getByRole('main').getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: /Flags/ }).waitFor();
  expect(page.url()).toContain('/p/default/flags');
});

test('the address of the settings leads to the first of them', async () => {
  const page = await (await signedIn()).newPage();
  await page.goto('/p/default/settings');
  await page.getByRole('heading', { level: 2, name: 'Appearance' }).waitFor();
  expect(page.url()).toContain('/settings/appearance');
});

test('refusals at fields are in the language of the page', async () => {
  const page = await (await signedIn({ locale: 'zh-CN' })).newPage();
  await open(page, 'keys');
  await page.getByRole('button', { name: '新建密钥' }).first().click();
  await page.getByLabel('名称').fill('shop');
  await page.getByRole('radio', { name: /客户端/ }).check();
  await page.getByLabel(/来源/).fill('shop.example.com/path');
  await page.getByRole('button', { name: '创建密钥' }).click();
  await page.getByText('每行必须是形如 https://shop.example.com 的来源，不带路径。').waitFor();
});

async function signedIn(options: Parameters<Ui['context']>[0] = {}) {
  const window = await ui.context(options);
  const page = await window.newPage();
  await page.goto('/login');
  await page.locator('input[type=email]').fill(EMAIL);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('[data-state=live]').first().waitFor();
  await page.close();
  return window;
}
