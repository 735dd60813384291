import { createClient, type Client } from '@dimmer/sdk-node';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;
let client: Client;

const settings = '/projects/default/flags/pricing/settings/production';

beforeAll(async () => {
  ui = await startUi();
  await ui.server.api('POST', '/projects/default/flags', { key: 'pricing', clientVisible: true });
  client = createClient({ url: ui.server.url, key: ui.server.serverKey });
  await client.ready();
  page = await (await ui.signedIn()).newPage();
  // A reload with changes that are not applied asks first.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto('/p/default/flags/pricing');
});

afterAll(async () => {
  await client.close();
  await ui.stop();
});

/** Applies what is pending in production, typing its key where that is asked for. */
async function apply(): Promise<void> {
  await page.getByRole('region', { name: 'Pending changes' }).getByRole('button', { name: 'Apply' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type production to confirm').fill('production');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('region', { name: 'Pending changes' }).waitFor({ state: 'detached' });
}

function on(context: { targetingKey: string; [attribute: string]: string }): Promise<void> {
  return expect.poll(() => client.isEnabled('pricing', context), { timeout: 10_000 }).toBe(true);
}

test('a rule without a condition cannot be applied', async () => {
  await page.getByRole('button', { name: 'Add rule' }).click();
  const button = page.getByRole('region', { name: 'Pending changes' }).getByRole('button', { name: 'Apply' });
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  expect(await button.getAttribute('title')).toContain('needs an attribute and a value');
});

test('a rule of two tests and a rollout become one version, and the application follows both', async () => {
  await page.getByPlaceholder('Attribute').fill('country');
  await page.getByPlaceholder('Values, separated by commas').fill('CN, SG');
  await page.getByRole('button', { name: 'Add test' }).click();
  await page.getByPlaceholder('Attribute').last().fill('plan');
  await page.getByLabel('Comparison').last().selectOption({ label: 'is not' });
  await page.getByPlaceholder('Values, separated by commas').last().fill('free');
  await page.getByRole('button', { name: 'Dogfood', exact: true }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByText('1. country is CN or SG and plan is not free → on').waitFor();
  await screenshot(page, 'rule-editor');
  const { body: before } = await ui.server.api<{ version: number }>('GET', '/projects/default/environments/production');
  await apply();
  const { body: after } = await ui.server.api<{ version: number }>('GET', '/projects/default/environments/production');
  expect(after.version).toBe(before.version + 1);
  await on({ targetingKey: 'a', country: 'CN', plan: 'pro' });
  expect(client.isEnabled('pricing', { targetingKey: 'a', country: 'CN', plan: 'free' })).toBe(false);
  expect(client.isEnabled('pricing', { targetingKey: 'a', country: 'DE', plan: 'pro' })).toBe(false);
});

test('a split by weight is edited in percent', async () => {
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByPlaceholder('Attribute').fill('beta');
  await page.getByLabel('Comparison').selectOption({ label: 'is true' });
  await page.getByLabel('Then serve').selectOption({ label: 'a split by weight' });
  await page.getByLabel('Weight of on').fill('30');
  await page.getByLabel('Weight of on').blur();
  await page.getByText('The weights add up to 80%, not to 100%.').waitFor();
  await page.getByLabel('Weight of off').fill('70');
  await page.getByLabel('Weight of off').blur();
  await page.getByRole('button', { name: 'Move rule 2 up' }).click();
  await apply();
  const { body } = await ui.server.api<{ rules: { id: string; serve: unknown }[] }>('GET', settings);
  expect(body.rules.map(({ id }) => id)[0]).toBe('audience');
  expect(body.rules[1]?.serve).toMatchObject({
    arms: [
      { upTo: 70_000, serve: 'off' },
      { upTo: 100_000, serve: 'on' },
    ],
  });
});

test('what the form cannot show is edited as JSON, and what only the server can tell is told with its place', async () => {
  await page.getByRole('tab', { name: 'JSON' }).click();
  const field = page.getByLabel('Settings as JSON');
  const source: { rules: unknown[] } = JSON.parse(await field.inputValue());
  const nested = { id: 'nested', if: { not: { any: [{ attr: 'age', lt: 18 }] } }, serve: 'on' };
  const unclosed = { id: 'unclosed', if: { attr: 'email', matches: '(' }, serve: 'on' };
  await field.fill(JSON.stringify({ ...source, rules: [...source.rules, nested, unclosed] }, null, 2));
  await page.getByRole('button', { name: 'Use these settings' }).click();
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByText('not age < 18', { exact: true }).waitFor();
  const bar = page.getByRole('region', { name: 'Pending changes' });
  await bar.getByRole('button', { name: 'Apply' }).click();
  await page.getByLabel('Type production to confirm').fill('production');
  await page.keyboard.press('Enter');
  await bar.getByText('rules[4].if.matches').waitFor();
  await screenshot(page, 'refused');
  await bar.getByRole('button', { name: 'Discard' }).click();
});

test('a draft survives a reload', async () => {
  await page.getByRole('button', { name: '5%', exact: true }).click();
  await page.reload();
  await page.getByRole('region', { name: 'Pending changes' }).getByText('One change in Production').waitFor();
  expect(await page.getByRole('button', { name: '5%', exact: true }).getAttribute('aria-pressed')).toBe('true');
});

test('somebody else changes the same thing: keep mine or take theirs, before anything is saved', async () => {
  await ui.server.api('PUT', `${settings}/rollout`, { percent: 50, enabled: true, audience: ['dogfood'] });
  const bar = page.getByRole('region', { name: 'Pending changes' });
  await bar.getByText('DIMMER_ADMIN_TOKEN changed this meanwhile (Rollout).').waitFor();
  await screenshot(page, 'conflict');
  await bar.getByRole('button', { name: 'Take theirs' }).click();
  await bar.waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: '50%', exact: true }).getAttribute('aria-pressed')).toBe('true');
});

test('0 % can be typed, and is neither dark nor 50 %', async () => {
  const field = page.getByRole('textbox', { name: 'Percentage' });
  await field.fill('0');
  await field.blur();
  await page.getByRole('button', { name: 'Remove dogfood' }).click();
  await page.getByText('0% of the users no rule decides for.').waitFor();
  await field.fill('0.05');
  await field.blur();
  await page.getByText('0.05% of the users no rule decides for.').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('the switch in an unprotected environment needs one press, and undo one more', async () => {
  await page.getByRole('switch', { name: /^pricing, Development/ }).click();
  await page.getByRole('switch', { name: 'pricing, Development, On' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('switch', { name: 'pricing, Development, Off' }).waitFor();
});

test('archiving asks, and the flag can be restored', async () => {
  await page.getByRole('button', { name: 'More', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Archive…' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Archive/ })
    .click();
  // The application may have told by now that it asks for the flag.
  const anyway = page.getByRole('button', { name: 'Archive anyway' });
  const list = page.getByRole('heading', { level: 1, name: /Flags/ });
  await list.or(anyway).waitFor();
  if ((await anyway.count()) > 0) await anyway.click();
  await list.waitFor();
  await page.goto('/p/default/flags/pricing');
  await page.getByText('This flag is archived').waitFor();
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('switch', { name: 'pricing, Production, Dark' }).waitFor();
});

test('nothing complained in the console, but for what the server refused', () => {
  expect(ui.complaints.filter((text) => !/status of (409|422)/.test(text))).toEqual([]);
});
