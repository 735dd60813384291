import { locateChromium } from './chromium.ts';

/** Unpacks the browser before the first test, so that no test pays for it. */
export async function setup(): Promise<void> {
  await locateChromium();
}
