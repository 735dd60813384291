import { createClient } from '@dimmer/sdk-node';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;
/** What the browser asked, and whether to go on. */
let asked: string[] = [];
let goOn = false;

beforeAll(async () => {
  ui = await startUi();
  const { api } = ui.server;
  await api('POST', '/projects/default/segments', { key: 'beta' });
  for (const key of ['pricing', 'checkout']) {
    await api('POST', '/projects/default/flags', { key });
    const rules = [{ id: 'b', if: { not: { segment: 'beta' } }, serve: 'on' }];
    await api('PATCH', `/projects/default/flags/${key}/settings/production`, { rules });
  }
  page = await (await ui.signedIn()).newPage();
  page.on('dialog', (dialog) => {
    asked.push(`${dialog.type()}: ${dialog.message()}`);
    void (goOn ? dialog.accept() : dialog.dismiss());
  });
  await open(page, 'segments?segment=dogfood');
});

afterAll(() => ui.stop());

test('members that are not applied are not lost on the way to another segment, environment or page', async () => {
  await page.getByLabel('Add ids').fill('maria, chen');
  await page.getByRole('button', { name: 'Add ids' }).click();
  for (const leave of [
    () => page.getByRole('link', { name: 'beta' }).click(),
    () => page.getByText('Development', { exact: true }).click(),
    () => page.getByRole('link', { name: 'Connections' }).click(),
  ]) {
    asked = [];
    await leave();
    await expect.poll(() => asked).toEqual([expect.stringContaining('confirm: There are changes')]);
    await page.getByText('2 members by id').waitFor();
  }
  asked = [];
  // A reload asks in the browser's own words.
  await page.reload({ timeout: 1_000 }).catch(() => undefined);
  await expect.poll(() => asked[0]).toMatch(/^beforeunload/);
  await page.getByText('2 members by id').waitFor();
  goOn = true;
  await page.getByRole('link', { name: 'beta' }).click();
  await page.getByRole('heading', { name: 'beta' }).waitFor();
});

test('a segment in use is not deleted, and those that use it are named and one press away', async () => {
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
  await page.getByText('beta is in use and was not deleted:').waitFor();
  await screenshot(page, 'segment-in-use', true);
  await page.getByRole('link', { name: 'pricing' }).waitFor();
  await page.getByRole('alert').getByRole('link', { name: 'checkout' }).click();
  await page.getByRole('heading', { level: 1, name: 'checkout' }).waitFor();
});

test('a receipt says who is missing: instances that were there minutes ago', async () => {
  const connect = () => createClient({ url: ui.server.url, key: ui.server.serverKey });
  const [stays, leaves] = [connect(), connect()];
  await Promise.all([stays.ready(), leaves.ready()]);
  await leaves.close();
  await open(page, 'flags/checkout');
  await page.getByText('one instance', { exact: true }).waitFor();
  await page.getByRole('button', { name: '10%', exact: true }).click();
  await page.getByRole('region', { name: 'Pending changes' }).getByRole('button', { name: 'Apply' }).click();
  await page.getByLabel('Type production to confirm').fill('production');
  await page.keyboard.press('Enter');
  await page.getByText('1 connected; one seen in the last 5 minutes is not connected now.').first().waitFor();
  await screenshot(page, 'receipt-away');
  await stays.close();
});

test('nothing complained in the console, but for what the server refused', () => {
  expect(ui.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});
