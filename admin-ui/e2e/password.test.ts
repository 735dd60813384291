import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMAIL, open, PASSWORD, screenshot, setUpPath, startUi, type Ui } from './support/ui.ts';

const COMMAND = fileURLToPath(new URL('../../server/bin/dimmer.js', import.meta.url));
const NEXT = 'brighter-lamp-over-here';

let folder: string;
let ui: Ui;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-password-'));
  ui = await startUi({ dataFile: join(folder, 'dimmer.db') });
});
afterAll(async () => {
  await ui.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The link as the command prints it, without where the server is. */
async function resetPath(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[COMMAND, 'owner', 'reset-link'],
    ...['--database-url', `file:${folder}/dimmer.db`],
  ]);
  const { pathname, hash } = new URL(stdout.trim());
  return `${pathname}${hash}`;
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the set-up page survives a reload before it is filled in', async () => {
  const page = await (await ui.context()).newPage();
  await page.goto(setUpPath(ui.server));
  await page.getByLabel('E-mail').waitFor();
  expect(page.url()).toBe(`${ui.server.url}/setup`);
  await page.reload();
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();
  await page.goto('/setup');
  await page.getByText('This page needs the one-time link').waitFor();
});

test('the account menu leads to another password, which signs out other browsers', async () => {
  const [page, other] = [await (await ui.context()).newPage(), await (await ui.context()).newPage()];
  await signIn(page, PASSWORD);
  await signIn(other, PASSWORD);
  await other.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();
  await page.getByRole('button', { name: `Account ${EMAIL}` }).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  await page.getByLabel('Current password').fill('not this one');
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('This is not the password of the account.').waitFor();
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password is changed.').waitFor();
  await screenshot(page, 'change-password');
  await open(page, 'flags');
  await other.goto('/p/default/flags');
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.context().close();
  await other.context().close();
});

test('a forgotten password is replaced by the link that the command makes, once', async () => {
  await ui.stop();
  const path = await resetPath();
  ui = await startUi({ dataFile: join(folder, 'dimmer.db') });
  const page = await (await ui.context()).newPage();
  await signIn(page, 'what was it');
  await page.getByText('E-mail or password is wrong.').waitFor();
  await page.getByText('dimmer owner reset-link').waitFor();
  await page.goto(path);
  await page.getByRole('heading', { name: `Choose a new password for ${EMAIL}` }).waitFor();
  expect(page.url()).toBe(`${ui.server.url}/setup`);
  await page.reload();
  await page.getByLabel('New password').fill('password1');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('one of the first passwords anybody would try').waitFor();
  await page.getByLabel('New password').fill('a third lamp, somewhere else');
  await screenshot(page, 'reset-password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();

  const late = await (await ui.context({ locale: 'zh-CN' })).newPage();
  await late.goto(path);
  await late.getByLabel('新密码').fill('whatever-else-it-may-be');
  await late.getByRole('button', { name: '设置密码' }).click();
  await late.getByText('此链接已被使用').waitFor();
});
