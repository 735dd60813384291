import { expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';

test('a real Chromium starts and runs a page', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<title>Dimmer</title>');
    expect(await page.title()).toBe('Dimmer');
  } finally {
    await browser.close();
  }
});
