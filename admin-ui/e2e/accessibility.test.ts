import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seed } from './support/seed.ts';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let ui: Ui;

beforeAll(async () => {
  ui = await startUi();
  await seed(ui.server);
});
afterAll(() => ui.stop());

/** What axe finds, one line each. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: tags });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, TAGS);
}

const PAGES = [
  'flags',
  'flags/new-checkout',
  'flags/button-colour',
  'segments',
  'keys',
  'connections',
  'changes',
  'settings/appearance',
  'settings/environments',
  'settings/account',
  'nothing/here',
];

interface Reader {
  readonly locale: 'en-GB' | 'zh-CN';
  readonly colorScheme: 'light' | 'dark';
}

const READERS: readonly Reader[] = [
  { locale: 'en-GB', colorScheme: 'light' },
  { locale: 'en-GB', colorScheme: 'dark' },
  { locale: 'zh-CN', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
];

describe.each(READERS)('in $locale, $colorScheme', ({ locale, colorScheme }) => {
  const name = `${locale.slice(0, 2)}-${colorScheme}`;

  test.each(PAGES)('axe finds nothing on %s', async (path) => {
    const window = await ui.signedIn({ locale, colorScheme });
    const page = await window.newPage();
    await open(page, path);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale === 'zh-CN' ? 'zh-CN' : 'en');
    expect(await findings(page)).toEqual([]);
    await screenshot(page, `${path.replaceAll('/', '-')}-${name}`);
    await window.close();
  });

  test('axe finds nothing on the pages before the shell', async () => {
    const window = await ui.context({ locale, colorScheme });
    const page = await window.newPage();
    for (const path of ['/login', '/setup', '/setup#token=x', '/setup#reset=x&email=a@example.com']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      expect(await findings(page)).toEqual([]);
    }
    await screenshot(page, `set-up-${name}`);
    await window.close();
  });

  test('axe finds nothing on menus, dialogs and editors', async () => {
    const window = await ui.signedIn({ locale, colorScheme });
    const page = await window.newPage();
    const look = async (overlay: string): Promise<void> => {
      expect([overlay, await findings(page)]).toEqual([overlay, []]);
      await screenshot(page, `${overlay}-${name}`);
    };
    await page.goto('/p/default/flags');
    await page
      .getByRole('switch', { name: /^new-checkout/ })
      .last()
      .click();
    await page.getByRole('dialog').waitFor();
    await look('dialog-confirm');
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
    await page.getByRole('button', { name: /More settings|更多设置/ }).click();
    await page.getByRole('combobox').first().selectOption('number');
    await look('dialog-create');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /maria@example.com/ }).click();
    await page.getByRole('menu').waitFor();
    await look('menu-account');
    await page.goto('/p/default/flags/new-checkout');
    await page.getByRole('button', { name: '50%', exact: true }).click();
    await page.getByRole('button', { name: /Add rule|添加规则/ }).click();
    await page.getByRole('button', { name: /Review|查看/ }).click();
    await page.getByRole('button', { name: /Use it in code|在代码中使用/ }).click();
    await look('flag-editing');
    await page.getByRole('tab', { name: 'JSON' }).click();
    await look('flag-json');
    await window.close();
  });
});

test('the console stayed silent, security policy included', () => {
  expect(ui.complaints).toEqual([]);
});
