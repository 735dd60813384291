import { chromium, type Browser } from 'playwright-core';
import { locateChromium } from './chromium.ts';

/**
 * No GPU, because software GL makes frame times wander; nothing in the background that talks to the network. Security
 * stays on: a relaxed browser would hide faults of CORS and of mixed content.
 */
const ARGS: readonly string[] = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-quic',
  '--disable-sync',
  '--font-render-hinting=none',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
];

/** Starts a headless Chromium; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await locateChromium();
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return await chromium.launch({
    executablePath,
    env: { ...Object.fromEntries(inherited), ...env },
    // Root (as in most containers) has no user namespace to sandbox with.
    args: process.getuid?.() === 0 ? [...ARGS, '--no-sandbox'] : [...ARGS],
  });
}
