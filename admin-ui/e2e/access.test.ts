import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults as findings } from './support/axe.ts';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;

beforeAll(async () => {
  ui = await startUi();
});
afterAll(() => ui.stop());

/** Makes a token by keyboard alone; the page then shows it. */
async function makeToken(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New token' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  // From Developer down to Releaser.
  await page.keyboard.press('ArrowDown');
  await page.getByLabel('Expires').selectOption('In 7 days');
  await page.getByRole('button', { name: 'Create token' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Copy the token now' }).waitFor();
}

test('a token is made by keyboard, is shown once, works from a command line, and ends when it is revoked', async () => {
  const page = await (await ui.signedIn()).newPage();
  await open(page, 'flags');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'API tokens' }).click();
  await page.getByText('No API token yet.').waitFor();
  await screenshot(page, 'tokens-empty');
  await makeToken(page, 'deploy');
  const secret = await page.getByRole('region', { name: 'Token deploy' }).innerText();
  const curl = await page.getByRole('region', { name: 'Example for curl' }).innerText();
  expect(curl).toContain(`curl -sf '${ui.server.url}/api/v1/projects/default/flags'`);
  expect(curl).toContain(`'Authorization: Bearer ${secret.trim()}'`);
  await screenshot(page, 'token-secret');
  const list = () =>
    fetch(`${ui.server.url}/api/v1/projects/default/flags`, { headers: { authorization: `Bearer ${secret.trim()}` } });
  expect((await list()).status).toBe(200);
  await page.getByRole('button', { name: 'I have saved it' }).click();
  const row = page.getByRole('row', { name: /deploy/ });
  await row.getByText('Releaser').waitFor();
  await row.getByText('maria@example.com').waitFor();
  expect(await page.content()).not.toContain(secret.trim());
  await page.reload();
  await row.getByText('now', { exact: false }).first().waitFor();
  await screenshot(page, 'tokens');

  await row.getByRole('button', { name: 'Revoke deploy' }).click();
  await page.getByRole('dialog', { name: 'Revoke the token deploy?' }).waitFor();
  await page.getByRole('button', { name: 'Revoke now' }).click();
  await page.getByText('No API token yet.').waitFor();
  expect((await list()).status).toBe(401);
});

describe.each([
  { locale: 'en-GB', colorScheme: 'light' },
  { locale: 'en-GB', colorScheme: 'dark' },
  { locale: 'zh-CN', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
] as const)('in $locale, $colorScheme', ({ locale, colorScheme }) => {
  test('axe finds nothing on the tokens and the dialogs around them, at two widths', async () => {
    await ui.server.api('POST', '/tokens', { name: 'nightly', role: 'viewer' });
    for (const width of [1440, 360]) {
      const window = await ui.signedIn({ locale, colorScheme, viewport: { width, height: 740 } });
      const page = await window.newPage();
      const look = async (what: string): Promise<void> => {
        expect([what, await findings(page)]).toEqual([what, []]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        await screenshot(page, `${what}-${locale.slice(0, 2)}-${colorScheme}-${width}`);
      };
      await open(page, 'settings/tokens');
      await look('tokens');
      await page.getByRole('button', { name: /New token|新建令牌/ }).click();
      await page.getByRole('dialog').waitFor();
      await look('dialog-token');
      await page.keyboard.press('Escape');
      await page
        .getByRole('button', { name: /Revoke nightly|吊销 nightly/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await look('dialog-revoke');
      await window.close();
    }
  });
});

test('the history shows keys by name, and offers to revert only what can be reverted', async () => {
  const keys = '/projects/default/environments/development/keys';
  const made = await ui.server.api<{ id: string }>('POST', keys, { kind: 'server', name: 'shop' });
  await ui.server.api('DELETE', `${keys}/${made.body.id}`);
  await ui.server.api('POST', '/projects/default/flags', { key: 'checkout' });
  const page = await (await ui.signedIn()).newPage();
  await open(page, 'changes');
  await page.getByRole('button', { name: 'Revert: created checkout' }).waitFor();
  expect(await page.getByRole('button', { name: /Revert: .*SDK key/ }).count()).toBe(0);
  const revoked = page.getByRole('listitem').filter({ hasText: 'revoked the SDK key shop' });
  await revoked.getByRole('button', { name: /^Details/ }).click();
  await revoked.getByText(/^shop dmr_srv_/).waitFor();
  expect(await revoked.locator('dt').first().innerText()).not.toContain(made.body.id);
  await screenshot(page, 'changes-keys');
});

test('the console stayed silent', () => {
  expect(ui.complaints.filter((text) => !text.includes('401'))).toEqual([]);
});
