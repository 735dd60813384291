import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;

beforeAll(async () => {
  ui = await startUi();
  await ui.server.api('POST', '/projects/default/flags', { key: 'checkout' });
  page = await (await ui.signedIn()).newPage();
});
afterAll(() => ui.stop());

const order = () => page.getByRole('table').getByRole('rowheader').locator('code').allTextContents();

test('an environment is made as a copy, and moved to its place before production', async () => {
  await open(page, 'settings/environments');
  expect(await order()).toEqual(['development', 'production']);
  await page.getByRole('button', { name: 'New environment' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key').fill('production');
  await dialog.getByRole('button', { name: 'Create environment' }).click();
  await dialog.getByText('There is an environment with this key.').waitFor();
  await dialog.getByLabel('Key').fill('staging');
  await dialog.getByLabel('Name').fill('Staging');
  await dialog.getByLabel('Begins with').selectOption({ label: 'What Production serves now' });
  await screenshot(page, 'create-environment');
  await dialog.getByRole('button', { name: 'Create environment' }).click();
  await expect.poll(order).toEqual(['development', 'production', 'staging']);
  await page.getByRole('button', { name: 'Move Staging up' }).click();
  await expect.poll(order).toEqual(['development', 'staging', 'production']);
  await screenshot(page, 'environments');
  await page.getByRole('link', { name: 'Flags', exact: true }).click();
  await page.getByRole('switch', { name: 'checkout, Staging, Off' }).waitFor();
  const columns = await page.getByRole('columnheader').allTextContents();
  expect(columns.findIndex((text) => text.includes('Staging'))).toBe(
    columns.findIndex((text) => text.includes('Production')) - 1,
  );
});

test('it is renamed, and keeps its key', async () => {
  await open(page, 'settings/environments');
  await page.getByRole('button', { name: 'Rename Staging' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Dress rehearsal');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('rowheader', { name: /Dress rehearsal/ }).waitFor();
  expect(await order()).toEqual(['development', 'staging', 'production']);
});

test('its protection begins and ends when its key was typed', async () => {
  await page.getByRole('button', { name: 'Protect Dress rehearsal' }).click();
  const dialog = page.getByRole('dialog', { name: 'Protect Dress rehearsal?' });
  const submit = dialog.getByRole('button', { name: 'Protect', exact: true });
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByLabel('Type staging to confirm').fill('staging');
  await screenshot(page, 'protect-environment');
  await submit.click();
  await page.getByRole('button', { name: 'End protection of Dress rehearsal' }).click();
  const ending = page.getByRole('dialog', { name: 'End the protection of Dress rehearsal?' });
  await ending.getByLabel('Type staging to confirm').fill('staging');
  await ending.getByRole('button', { name: 'End protection', exact: true }).click();
  await page.getByRole('button', { name: 'Protect Dress rehearsal' }).waitFor();
});

test('in Chinese the page is read just as well', async () => {
  const chinese = await (await ui.signedIn({ locale: 'zh-CN' })).newPage();
  await open(chinese, 'settings/environments');
  await chinese.getByRole('button', { name: '取消保护：生产' }).waitFor();
  await screenshot(chinese, 'environments-zh');
  await chinese.context().close();
  expect(ui.complaints.filter((text) => !text.includes('409'))).toEqual([]);
});
