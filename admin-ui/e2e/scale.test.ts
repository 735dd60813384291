import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUi, type Ui } from './support/ui.ts';

let ui: Ui;
const FLAGS = 600;

beforeAll(async () => {
  ui = await startUi();
  const key = (index: number): string => `flag-${String(index).padStart(4, '0')}`;
  for (let from = 0; from < FLAGS; from += 50) {
    const batch = Array.from({ length: 50 }, (_, index) => ({ key: key(from + index), description: 'One of many' }));
    await Promise.all(batch.map((flag) => ui.server.api('POST', '/projects/default/flags', flag)));
  }
});
afterAll(() => ui.stop());

test('of hundreds of flags only those in sight are drawn, and the keyboard reaches the last', async () => {
  const page = await (await ui.signedIn()).newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('link', { name: 'flag-0000' }).waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(FLAGS + 1));
  expect(await page.getByRole('switch').count()).toBeLessThan(150);
  await page.getByRole('link', { name: 'flag-0000' }).focus();
  await page.keyboard.press('Control+End');
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
  await expect.poll(focused).toBe('flag-0599, Production, Dark');
  const box = await page.locator(':focus').boundingBox();
  expect(box?.y).toBeLessThan(900);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press(' ');
  await page.getByRole('switch', { name: 'flag-0599, Development, On' }).waitFor();
  await page.keyboard.press('Control+Home');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('flag-0000');
});

test('the filter narrows as it is typed, and Back from a flag finds the place again', async () => {
  const page = await (await ui.signedIn()).newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('link', { name: 'flag-0000' }).waitFor();
  await page.getByRole('searchbox').fill('flag-05');
  await page.getByRole('link', { name: 'flag-0500' }).waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('101');
  await page.getByRole('searchbox').fill('');
  await page.locator('#main').evaluate((main) => main.scrollTo(0, 20_000));
  await page.getByRole('link', { name: 'flag-0360' }).click();
  await page.getByRole('heading', { level: 1, name: /flag-0360/ }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'flag-0360' }).waitFor();
  expect(await page.locator('#main').evaluate((main) => main.scrollTop)).toBeGreaterThan(19_000);
});

test('a storm of changes from elsewhere leaves the page usable and right', async () => {
  const page = await (await ui.signedIn()).newPage();
  await page.goto('/p/default/flags');
  await page.getByRole('link', { name: 'flag-0000' }).waitFor();
  const storm = (async () => {
    for (let percent = 1; percent <= 60; percent++) {
      const rollout = { percent, enabled: true };
      await ui.server.api('PUT', '/projects/default/flags/flag-0001/settings/production/rollout', rollout);
    }
  })();
  await page.getByRole('switch', { name: 'flag-0000, Development, Off' }).click();
  await page.getByRole('switch', { name: 'flag-0000, Development, On' }).waitFor();
  await storm;
  await page.getByRole('switch', { name: /^flag-0001, Production, 60%/ }).waitFor();
  expect(ui.complaints).toEqual([]);
});
