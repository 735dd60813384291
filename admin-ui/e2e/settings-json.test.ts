import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open, screenshot, startUi, type Ui } from './support/ui.ts';

let ui: Ui;
let page: Page;

const settings = '/projects/default/flags/pricing/settings/production';
const rollout = {
  bucket: { by: 'targetingKey', seed: 'seedseed' },
  arms: [
    { upTo: 10_000, serve: 'on' },
    { upTo: 100_000, serve: 'off' },
  ],
};

beforeAll(async () => {
  ui = await startUi();
  const { api } = ui.server;
  await api('POST', '/projects/default/flags', { key: 'pricing' });
  await api('PUT', `${settings}/rollout`, { percent: 10, enabled: true, audience: ['dogfood'] });
  page = await (await ui.signedIn()).newPage();
  page.on('dialog', (dialog) => void dialog.accept());
  await open(page, 'flags/pricing');
  await page.getByRole('tab', { name: 'JSON' }).click();
});

afterAll(() => ui.stop());

const field = () => page.getByLabel('Settings as JSON');
const bar = () => page.getByRole('region', { name: 'Pending changes' });

async function stored(): Promise<Record<string, unknown>> {
  const { body } = await ui.server.api<Record<string, unknown>>('GET', settings);
  const { enabled, off, rules, default: serve } = body;
  return { enabled, off, rules, default: serve };
}

async function apply(): Promise<void> {
  await bar().getByRole('button', { name: 'Apply' }).click();
  const dialog = page.getByRole('dialog');
  const word = dialog.getByLabel('Type production to confirm');
  await dialog.waitFor();
  if ((await word.count()) > 0) await word.fill('production');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  // Behind the dialog the page is hidden.
  await dialog.waitFor({ state: 'detached' });
  await bar().waitFor({ state: 'detached' });
}

describe('what is pasted is what is stored', () => {
  test.each([
    ['without the audience that was there', { enabled: true, off: 'off', rules: [], default: rollout }],
    [
      'with an audience that is not the first rule',
      {
        enabled: true,
        off: null,
        rules: [
          { id: 'first', name: 'Staff', if: { attr: 'email', endsWith: ['@example.org'] }, serve: 'on' },
          { id: 'audience', name: 'Mine', if: { segment: 'dogfood' }, serve: 'off', metadata: { team: 'web' } },
        ],
        default: { bucket: { by: ['org', 'targetingKey'], seed: 'x', of: 1000 }, arms: [{ upTo: 500, serve: 'on' }] },
      },
    ],
    ['with a default that is no rollout', { enabled: true, off: 'on', rules: [], default: null }],
    ['with everything off', { enabled: false, off: 'on', rules: [], default: 'off' }],
  ])('%s', async (_, pasted) => {
    await field().fill(JSON.stringify(pasted));
    await page.getByRole('button', { name: 'Use these settings' }).click();
    expect(JSON.parse(await field().inputValue())).toEqual(pasted);
    await apply();
    expect(await stored()).toEqual(pasted);
    await expect.poll(async () => JSON.parse(await field().inputValue())).toEqual(pasted);
  });

  test('and where the forms cannot show it, JSON is the editor', async () => {
    await expect.poll(() => page.getByRole('group', { name: 'How far' }).count()).toBe(1);
    const rules = [
      { id: 'x', serve: 'on' },
      { id: 'audience', if: { segment: 'dogfood' }, serve: 'on' },
    ];
    await ui.server.api('PATCH', settings, { enabled: true, rules });
    await page.getByText('These settings are more than the forms can show.').waitFor();
    expect(await page.getByRole('group', { name: 'How far' }).count()).toBe(0);
    expect(JSON.parse(await field().inputValue())).toMatchObject({ rules });
    await screenshot(page, 'json-is-the-editor', true);
    await ui.server.api('PATCH', settings, { rules: [] });
    await page.getByRole('group', { name: 'How far' }).waitFor();
    await page.getByRole('tab', { name: 'JSON' }).click();
  });
});

describe('what is wrong is named with its place, and nothing is applied', () => {
  const pretty = (change: object): string =>
    JSON.stringify({ enabled: true, off: 'off', rules: [], default: 'on', ...change }, null, 2);

  test.each([
    ['{\n  "enabled": true,\n  "off": }', 'Line 3, column 10: expected a value, found }'],
    [pretty({}).replace('"off"', '"enabled"'), 'Line 3, column 3: this name is here for the second time'],
    [pretty({ enabled: 'true' }), 'Line 2, column 3: enabled: expected true or false'],
    [pretty({ default: 'gone' }), 'Line 5, column 3: default: expected null or one of'],
    [pretty({ percent: 5 }), 'Line 6, column 3: percent: settings have no such member'],
    [
      pretty({
        rules: [
          { id: 'a', serve: 'on' },
          { id: 'b', if: { segment: 'staff' }, serve: 'on' },
        ],
      }),
      'Line 11, column 7: rules[1].if: no segment “staff”',
    ],
    [
      pretty({
        default: {
          bucket: { by: 'targetingKey' },
          arms: [
            { upTo: 9, serve: 'on' },
            { upTo: 8, serve: 'off' },
          ],
        },
      }),
      'Line 15, column 9: default.arms[1].upTo: expected arms in ascending order',
    ],
    [pretty({ rules: [{ id: 'a', if: { attr: 'email', endWith: ['@a'] }, serve: 'on' }] }), 'rules[0].if.endWith'],
  ])('%#', async (source, told) => {
    const before = await stored();
    await field().fill(source);
    await page.getByRole('alert').getByText(told).waitFor();
    expect(await page.getByRole('button', { name: 'Use these settings' }).isDisabled()).toBe(true);
    expect(await bar().getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(await stored()).toEqual(before);
  });

  test('in both colour schemes, in Chinese, and on a phone', async () => {
    await screenshot(page, 'json-fault', true);
    for (const options of [
      { name: 'json-fault-dark', colorScheme: 'dark' as const, locale: 'en-GB' },
      { name: 'json-fault-zh-360', locale: 'zh-CN', viewport: { width: 360, height: 740 } },
    ]) {
      const { name, ...rest } = options;
      const window = await ui.signedIn(rest);
      const other = await window.newPage();
      await open(other, 'flags/pricing');
      await other.getByRole('tab', { name: 'JSON' }).click();
      await other
        .locator('textarea')
        .first()
        .fill(pretty({ default: 'gone' }));
      await other.getByRole('alert').first().waitFor();
      await screenshot(other, name, true);
      await window.close();
    }
  });
});

test('what is typed and not taken over cannot be forgotten: it says so and leaving asks', async () => {
  await field().fill('{');
  await page.getByRole('button', { name: '25%', exact: true }).click();
  await bar().getByText('What is typed as JSON is not taken over yet.').waitFor();
  expect(await bar().getByRole('button', { name: 'Apply' }).getAttribute('aria-disabled')).toBe('true');
  const asked = page.waitForEvent('dialog');
  await page.getByRole('link', { name: 'Segments' }).click();
  expect((await asked).message()).toContain('not applied');
  await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
});

test('nothing complained in the console', () => {
  expect(ui.complaints.filter((text) => !/status of (409|412|422)/.test(text))).toEqual([]);
});
