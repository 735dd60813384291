import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;

const settings = '/projects/default/flags/checkout/settings/production';

beforeAll(async () => {
  ui = await startUi();
  await ui.server.api('POST', '/projects/default/flags', { key: 'checkout' });
  page = await (await ui.signedIn()).newPage();
  await open(page, 'flags/checkout');
});

afterAll(() => ui.stop());

const bar = () => page.getByRole('region', { name: 'Pending changes' });
const rung = (name: string) => page.getByRole('group', { name: 'How far' }).getByRole('button', { name, exact: true });
const percent = () => page.getByRole('textbox', { name: 'Percentage' });

async function version(): Promise<number> {
  return (await ui.server.api<{ version: number }>('GET', '/projects/default/environments/production')).body.version;
}

async function confirm(): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type production to confirm').fill('production');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('switching a new flag on says beforehand that everybody gets it', async () => {
  expect(await page.getByRole('slider', { name: 'Share of users' }).getAttribute('aria-valuetext')).toBe('0%');
  await page.getByRole('switch', { name: 'checkout, Production, Dark' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Who will get it' }).waitFor();
  await dialog.getByText('Everybody in Production').waitFor();
  await screenshot(page, 'confirm-everybody');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: 'checkout, Production, Dark' }).waitFor();
});

test('on at 10 % is one step from the dark, by keyboard too, and names the dogfooders that are not there', async () => {
  const before = await version();
  await rung('10%').focus();
  await page.keyboard.press('Enter');
  await page.getByText('dogfood holds nobody in Production yet').first().waitFor();
  await bar().getByRole('button', { name: 'Apply' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10% of users').waitFor();
  await dialog.getByText('dogfood: 0 members by id').waitFor();
  await dialog.getByRole('link', { name: 'Add people to dogfood' }).waitFor();
  await screenshot(page, 'confirm-10-percent');
  await dialog.getByLabel('Type production to confirm').fill('production');
  await page.keyboard.press('Enter');
  await bar().waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: 'checkout, Production, 10%' }).waitFor();
  expect(await version()).toBe(before + 1);
  // The button that was pressed is gone: the focus stays nearby, not at the top of the page.
  const isNear = () => page.evaluate(() => document.activeElement?.closest('main section') != null);
  await expect.poll(isNear).toBe(true);
});

test('dogfood does not look reached while it holds nobody, and does once it holds somebody', async () => {
  expect(await rung('5%').getAttribute('data-reached')).toBe('true');
  expect(await rung('Dogfood').getAttribute('data-reached')).toBe('false');
  await screenshot(page, 'ladder-empty-dogfood', true);
  await page.getByRole('main').getByRole('link', { name: 'Add people to dogfood' }).click();
  await page.getByRole('heading', { name: 'dogfood' }).waitFor();
  await page.getByLabel('Add ids').fill('maria');
  await page.getByRole('button', { name: 'Add ids' }).click();
  await page.getByRole('button', { name: 'Apply to Production' }).click();
  await confirm();
  await page.getByText('one member by id').waitFor();
  await open(page, 'flags/checkout');
  await expect.poll(() => rung('Dogfood').getAttribute('data-reached')).toBe('true');
  expect(await page.getByText('holds nobody').count()).toBe(0);
});

test('a percentage between two rungs says between which', async () => {
  await percent().fill('30');
  await percent().press('Enter');
  await page.getByText('30%: between 25% and 50%').waitFor();
  expect(await rung('25%').getAttribute('data-reached')).toBe('true');
  expect(await page.locator('[aria-pressed=true]').filter({ hasText: '%' }).count()).toBe(0);
  await screenshot(page, 'ladder-between', true);
});

test.each(['150', 'abc', '-3', '12.34567'])('“%s” is no percentage: it says so and changes nothing', async (typed) => {
  await percent().fill(typed);
  await percent().blur();
  await page.getByRole('alert').getByText('between 0 and 100').waitFor();
  expect(await percent().inputValue()).toBe(typed);
  await page.getByText('30%: between 25% and 50%').waitFor();
  expect(await bar().getByRole('button', { name: 'Apply' }).getAttribute('aria-disabled')).toBe('true');
  if (typed === '150') await screenshot(page, 'percent-wrong', true);
});

test('“12,5 %” is 12.5 %, and becomes exactly that', async () => {
  await percent().fill('12,5 %');
  await percent().press('Enter');
  expect(await percent().inputValue()).toBe('12.5');
  await page.getByText('12.5%: between 10% and 25%').waitFor();
  await bar().getByRole('button', { name: 'Apply' }).click();
  await confirm();
  await bar().waitFor({ state: 'detached' });
  const { body } = await ui.server.api<{ rollout: { percent: number } }>('GET', settings);
  expect(body.rollout.percent).toBe(12.5);
});

test('in the dark, in Chinese, and on a phone', async () => {
  for (const { name, ...options } of [
    { name: 'ladder-dark', colorScheme: 'dark' as const },
    { name: 'ladder-zh-360', locale: 'zh-CN', viewport: { width: 360, height: 740 } },
  ]) {
    const window = await ui.signedIn(options);
    const other = await window.newPage();
    await open(other, 'flags/checkout');
    const field = other.locator('input[inputmode=decimal]').first();
    await field.fill('150');
    await field.blur();
    await other.getByRole('alert').first().waitFor();
    await screenshot(other, name, true);
    expect(await other.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await window.close();
  }
});

test('nothing complained in the console, but for the confirmation that the server asked for', () => {
  expect(ui.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});
