import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMAIL, PASSWORD, setUpPath, startUi, type Ui } from './support/ui.ts';

let ui: Ui;

beforeAll(async () => {
  ui = await startUi();
  await ui.signedIn();
});
afterAll(() => ui.stop());

test('a link into the app leads through signing in and on to where it points', async () => {
  const page = await (await ui.context()).newPage();
  await page.goto('/p/default/keys?env=development');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('E-mail or password is wrong.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'SDK keys' }).waitFor();
  expect(page.url()).toBe(`${ui.server.url}/p/default/keys?env=development`);
});

test('signing out ends the session, also for a page that is still open elsewhere', async () => {
  const window = await ui.context();
  const [page, other] = [await window.newPage(), await window.newPage()];
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /Flags/ }).waitFor();
  await other.goto('/p/default/flags');
  await other.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: `Account ${EMAIL}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto('/p/default/flags');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.getByRole('link', { name: 'Connections' }).click();
  await other.getByText('Your session has ended. Please sign in again.').waitFor();
});

test('a set-up link that was used says so', async () => {
  const page = await (await ui.context()).newPage();
  await page.goto(setUpPath(ui.server));
  await page.getByLabel('E-mail').fill('second@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('This link has been used or is not valid.').waitFor();
});

test('language and scheme persist, and a dark page is dark from its first frame', async () => {
  const window = await ui.signedIn({ colorScheme: 'light' });
  const page = await window.newPage();
  await page.goto('/p/default/settings/appearance');
  await page.getByText('Dark', { exact: true }).click();
  await page.getByText('简体中文').last().click();
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  await page.reload({ waitUntil: 'commit' });
  const first = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const scheme = document.documentElement.dataset['scheme'];
          if (document.body === null || scheme === undefined) requestAnimationFrame(look);
          else resolve(`${scheme} ${getComputedStyle(document.documentElement).colorScheme}`);
        };
        look();
      }),
  );
  expect(first).toMatch(/^dark/);
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(232, 236, 242)');
});

test('the address bar holds filter and view, and Back brings them again', async () => {
  await ui.server.api('POST', '/projects/default/flags', { key: 'checkout' });
  const page = await (await ui.signedIn()).newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('link', { name: 'checkout' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('check');
  await page.getByText('Dark in production').click();
  await expect.poll(() => page.url()).toContain('?q=check&view=dark');
  await page.getByRole('link', { name: 'checkout' }).click();
  await page.getByRole('heading', { level: 1, name: /checkout/ }).waitFor();
  await page.goBack();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('check');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
});
