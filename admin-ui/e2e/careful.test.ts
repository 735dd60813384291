import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;

const flag = '/projects/default/flags/pricing';

beforeAll(async () => {
  ui = await startUi();
  await ui.server.api('POST', '/projects/default/flags', { key: 'pricing' });
  await ui.server.api('PUT', `${flag}/settings/production/rollout`, { percent: 10, enabled: true });
  page = await (await ui.signedIn()).newPage();
});
afterAll(() => ui.stop());

test('JSON that is not finished is not forgotten behind another tab', async () => {
  await open(page, 'flags/pricing');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await page.getByLabel('Settings as JSON').fill('{broken');
  await page.getByRole('tab', { name: 'Rules' }).click();
  const notice = page.getByText('There is an unfinished JSON edit.');
  await notice.waitFor();
  await screenshot(page, 'json-unfinished');
  await page.getByRole('button', { name: 'Go on' }).click();
  expect(await page.getByLabel('Settings as JSON').inputValue()).toBe('{broken');
  expect(await notice.count()).toBe(0);
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  expect(await notice.count()).toBe(0);
  await page.getByRole('tab', { name: 'JSON' }).click();
  expect(await page.getByLabel('Settings as JSON').inputValue()).toContain('"enabled": true');
});

test('a revert that shows more in production asks for its name at once, and one that shows less does not', async () => {
  await ui.server.api('PUT', `${flag}/settings/production/rollout`, { percent: 5 });
  await open(page, 'flags/pricing');
  await page.getByText('rollout from Dark to 10%').waitFor();
  const revert = page.getByRole('button', { name: 'Revert: Production: rollout from 10% to 5%' });
  await revert.click();
  const dialog = page.getByRole('dialog', { name: 'Revert this change?' });
  await dialog.getByLabel(/Note/).fill('Five was a typo');
  expect(await dialog.getByRole('button', { name: 'Revert' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Type production to confirm').fill('production');
  await screenshot(page, 'revert-production');
  await dialog.getByRole('button', { name: 'Revert' }).click();
  await page.getByText('Five was a typo').first().waitFor();
  await page.getByRole('button', { name: 'Revert: Production: rollout from 5% to 10%' }).click();
  await dialog.waitFor();
  expect(await dialog.getByLabel('Type production to confirm').count()).toBe(0);
  await page.keyboard.press('Escape');
});

test('a key that is shown once does not go with Escape before it is copied', async () => {
  await open(page, 'keys');
  await page.getByRole('button', { name: 'New key' }).first().click();
  await page.getByLabel('Name').fill('shop');
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy the key now' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.getByText('It is not copied yet, and it will never be shown again.').waitFor();
  await screenshot(page, 'key-not-copied');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('what browsers see is found under the details of a flag', async () => {
  await open(page, 'flags/pricing');
  await page.getByRole('button', { name: 'More', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Edit details…' }).click();
  await page.getByLabel('Visible to browsers').check();
  await page.getByRole('button', { name: 'Save' }).click();
  // It is on for some in production, where more people are about to see it.
  await page.getByLabel('Type production to confirm').fill('production');
  await screenshot(page, 'details-confirm');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The details of pricing are saved').first().waitFor();
});

test('a new JSON flag says where a value is wrong, and serves its first variant while on', async () => {
  await open(page, 'flags');
  await page.getByRole('button', { name: 'New flag' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key').fill('layout');
  await dialog.getByRole('button', { name: 'More settings' }).click();
  await dialog.getByLabel('Type').selectOption({ label: 'JSON object' });
  await dialog.getByLabel('Value').first().fill('{"wide": yes}');
  await dialog.getByText('Line 1, column 10: expected a value, found yes').waitFor();
  await screenshot(page, 'create-json-flag');
  await dialog.getByLabel('Value').first().fill('{"wide": true}');
  await dialog.getByLabel('Value').last().fill('{"wide": false}');
  await dialog.getByLabel('Variant', { exact: true }).first().fill('wide');
  expect(await dialog.getByLabel('Served while on').inputValue()).toBe('wide');
  await dialog.getByRole('button', { name: 'Create flag' }).click();
  await page.getByRole('heading', { level: 1, name: /layout/ }).waitFor();
  const { body } = await ui.server.api('GET', '/projects/default/flags/layout/settings/production');
  expect(body).toMatchObject({ default: 'wide', off: null });
  expect(ui.complaints.filter((text) => !text.includes('422'))).toEqual([]);
});
