import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '@dimmer/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-ui-'));
  ui = await startUi({ dataFile: join(folder, 'dimmer.db') });
  await ui.server.api('POST', '/projects/default/flags', { key: 'checkout' });
});

afterAll(async () => {
  await ui.stop();
  await rm(folder, { recursive: true, force: true });
});

test('without the server nothing can be changed; once it is back the page catches up by itself', async () => {
  const page = await (await ui.signedIn()).newPage();
  await page.goto('/p/default/flags');
  const cell = page.getByRole('switch', { name: /^checkout, Development/ });
  await cell.waitFor();
  const { port, dataFile, stop } = ui.server;
  await stop();

  await page.getByText('Reconnecting…').waitFor({ timeout: 2_000 });
  await page.getByText(/^Showing the state of .* Changes are off/).waitFor();
  expect(await cell.getAttribute('aria-disabled')).toBe('true');
  await cell.click({ force: true });
  await page.getByRole('switch', { name: 'checkout, Development, Off' }).waitFor();
  await screenshot(page, 'offline');

  const again = await startTestServer({ dataFile, config: { port } });
  await again.api('PATCH', '/projects/default/flags/checkout/settings/production', { enabled: true });
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 10_000 });
  await page.getByRole('switch', { name: 'checkout, Production, On' }).waitFor();
  await cell.click();
  await page.getByRole('switch', { name: 'checkout, Development, On' }).waitFor();
  await again.stop();
});
