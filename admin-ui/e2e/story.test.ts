import { createClient, type Client } from '@dimmer/sdk-node';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMAIL, PASSWORD, screenshot, setUpPath, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let window: BrowserContext;
let page: Page;
const clients: Client[] = [];

/** Users that the application knows. */
const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);

beforeAll(async () => {
  ui = await startUi();
  window = await ui.context();
  page = await window.newPage();
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await ui.stop();
});

function lit(client: Client): ReadonlySet<string> {
  return new Set(users.filter((targetingKey) => client.isEnabled('new-checkout', { targetingKey })));
}

/** Waits until the application evaluates so that this many users are in. */
async function whenLit(client: Client, holds: (count: number) => boolean): Promise<ReadonlySet<string>> {
  await expect.poll(() => holds(lit(client).size), { timeout: 10_000 }).toBe(true);
  return lit(client);
}

async function applyTyped(word: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const apply = dialog.getByRole('button', { name: 'Apply', exact: true });
  await dialog.getByLabel(`Type ${word} to confirm`).fill(word.toUpperCase());
  expect(await apply.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${word} to confirm`).fill(word);
  await apply.click();
  await dialog.waitFor({ state: 'detached' });
}

test('the one-time link makes the owner account and signs in', async () => {
  await page.goto(setUpPath(ui.server));
  await page.getByRole('heading', { name: 'Set up Dimmer' }).waitFor();
  // The token does not stay in the address bar.
  await expect.poll(() => page.url()).toBe(`${ui.server.url}/setup`);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await screenshot(page, 'set-up');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('No flag yet').waitFor();
  await screenshot(page, 'flags-empty');
});

test('a flag needs two presses and a key, and is dark everywhere', async () => {
  await page.getByRole('button', { name: 'New flag' }).first().click();
  await page.getByLabel('Key', { exact: true }).fill('new-checkout');
  await page.getByLabel(/What is it for/).fill('Checkout on one page');
  await screenshot(page, 'flag-create');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /new-checkout/ }).waitFor();
  await page.getByText('Waiting for the first evaluation').waitFor();
  expect(await page.getByRole('switch', { checked: true }).count()).toBe(0);
});

test('an SDK key is shown once, and an application connects with it', async () => {
  await page.getByRole('link', { name: 'SDK keys' }).first().click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill('shop');
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByRole('region', { name: 'Key shop' }).innerText();
  expect(secret).toMatch(/^dmr_srv_/);
  await screenshot(page, 'key-secret');
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('rowheader', { name: 'shop' }).waitFor();
  expect(await page.content()).not.toContain(secret);

  for (let index = 0; index < 3; index++)
    clients.push(createClient({ url: ui.server.url, key: secret, appVersion: '1.4.2' }));
  await Promise.all(clients.map((client) => client.ready()));
  await page.getByRole('link', { name: 'Connections' }).click();
  await page.getByText('3 live').waitFor();
  await page.getByText('sdk-node 0.1.0 application 1.4.2').first().waitFor();
  await screenshot(page, 'connections');
});

test('dogfood in production: ladder, apply, one typed word, and the receipt of three instances', async () => {
  await page.getByRole('link', { name: 'Flags', exact: true }).first().click();
  await page.getByRole('link', { name: 'new-checkout' }).click();
  await page.getByRole('button', { name: 'Dogfood', exact: true }).click();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('dialog').getByText('Production is protected.').waitFor();
  await screenshot(page, 'confirm-typed');
  await applyTyped('production');
  await page
    .getByText(/^3 of 3 instances applied version \d+ in \d+ ms$/)
    .first()
    .waitFor();
  await page.getByRole('switch', { name: 'new-checkout, Production, Dogfood' }).waitFor();
  await screenshot(page, 'receipt');
});

test('dogfooders are added by id, and get it from the first step', async () => {
  const [client] = clients;
  expect(client && lit(client).size).toBe(0);
  await page.getByRole('link', { name: 'Segments' }).click();
  await page.getByLabel('Add ids').fill('user-1, user-2');
  await page.getByRole('button', { name: 'Add ids' }).click();
  await page.getByRole('button', { name: 'Apply to Production' }).click();
  await applyTyped('production');
  await page.getByText('2 members by id').waitFor();
  await page.getByText('used by one flag here').waitFor();
  await screenshot(page, 'segments');
  if (client !== undefined) expect([...(await whenLit(client, (count) => count === 2))]).toEqual(['user-1', 'user-2']);
});

test('10 % from the list, 25 % keeps everybody who was in, and off is dark at once', async () => {
  const [client] = clients;
  if (client === undefined) throw new Error('no client');
  await page.getByRole('link', { name: 'Flags', exact: true }).first().click();
  await page.getByRole('switch', { name: /^new-checkout, Production/ }).hover();
  await page.getByRole('button', { name: 'Rollout of new-checkout in Production' }).click();
  await page.getByRole('menuitemcheckbox', { name: '10%' }).click();
  await applyTyped('production');
  await page.getByRole('switch', { name: 'new-checkout, Production, 10%' }).waitFor();
  const ten = await whenLit(client, (count) => count > 70 && count < 130);
  await screenshot(page, 'flags');

  await page.getByRole('link', { name: 'new-checkout' }).click();
  await page.getByRole('button', { name: 'Advance to 25%' }).click();
  await applyTyped('production');
  const quarter = await whenLit(client, (count) => count > 200 && count < 300);
  expect([...ten].filter((user) => !quarter.has(user))).toEqual([]);

  await page.getByRole('button', { name: 'Kill switch' }).click();
  await screenshot(page, 'kill');
  // The focus is on "Turn off now": two presses, no typing.
  await page.keyboard.press('Enter');
  await whenLit(client, (count) => count === 0);
  await page.getByRole('switch', { name: 'new-checkout, Production, Dark' }).waitFor();
});

test('undo brings back exactly those who were in, and asks for the word because it raises', async () => {
  const [client] = clients;
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await applyTyped('production');
  if (client !== undefined) await whenLit(client, (count) => count > 200 && count < 300);
  await page.getByRole('switch', { name: 'new-checkout, Production, 25%' }).waitFor();
});

test('the history says in sentences who did what, and can take a change back', async () => {
  const history = page.locator('section', { hasText: 'History' }).last();
  await history.getByText('Production: rollout from 10% to 25%').waitFor();
  await history.getByRole('button', { name: 'Revert: Production: rollout from 10% to 25%' }).click();
  await page.getByRole('dialog', { name: 'Revert this change?' }).waitFor();
  await screenshot(page, 'revert');
  await page.getByRole('dialog').getByRole('button', { name: 'Revert' }).click();
  await page.getByRole('switch', { name: 'new-checkout, Production, 10%' }).waitFor();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('created new-checkout').waitFor();
  await page
    .getByRole('button', { name: /^Details of change/ })
    .nth(1)
    .click();
  await screenshot(page, 'audit');
});

test('a second tab follows without a reload', async () => {
  const second = await window.newPage();
  await second.goto('/p/default/flags');
  await second.getByRole('switch', { name: 'new-checkout, Development, Off' }).waitFor();
  await page.goto('/p/default/flags');
  await page.getByRole('switch', { name: /^new-checkout, Development/ }).click();
  await second.getByRole('switch', { name: 'new-checkout, Development, On' }).waitFor();
  await ui.server.api('PATCH', '/projects/default/flags/new-checkout/settings/development', { enabled: false });
  await second.getByRole('switch', { name: 'new-checkout, Development, Off, changed by DIMMER_ADMIN_TOKEN' }).waitFor();
  await second.close();
});

test('nothing complained in the console along the way, but for the one password that was refused', () => {
  expect(ui.complaints.filter((text) => !text.includes('422'))).toEqual([]);
});
