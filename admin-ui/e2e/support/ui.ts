import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startTestServer, type TestServer, type TestServerOptions } from '@dimmer/server/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { ensureBuilt } from './built-ui.ts';

export const EMAIL = 'maria@example.com';
export const PASSWORD = 'quiet-lamp-over-there';

const SCREENS = fileURLToPath(new URL('../../../.reports/screens/', import.meta.url));

/** The built UI on a real server, in a real browser. */
export interface Ui {
  readonly server: TestServer;
  readonly browser: Browser;
  /** Everything the pages complained about; a test that ends well leaves it empty. */
  readonly complaints: string[];
  /** A window of its own: storage and cookies are not shared with others. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A window that is signed in as the owner. */
  signedIn(options?: BrowserContextOptions): Promise<BrowserContext>;
  stop(): Promise<void>;
}

export async function startUi(options: TestServerOptions = {}): Promise<Ui> {
  await ensureBuilt();
  const [server, browser] = await Promise.all([startTestServer(options), launchBrowser()]);
  const complaints: string[] = [];
  let state: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

  const context = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const made = await browser.newContext({
      baseURL: server.url,
      locale: 'en-GB',
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    made.setDefaultTimeout(10_000);
    made.on('page', (page) => listen(page, complaints));
    return made;
  };

  return {
    server,
    browser,
    complaints,
    context,
    async signedIn(options = {}) {
      state ??= await ownerState(server, context);
      return context({ storageState: state, ...options });
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Goes to a page of the project and waits until everything on it has arrived. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/p/default/${path}`);
  await page.locator('h1').waitFor();
  await page.locator('[data-state=live]').first().waitFor();
  await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
}

/** Keeps a picture for human eyes. */
export async function screenshot(page: Page, name: string, fullPage = false): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${SCREENS}${name}.png`, fullPage });
}

/** The set-up link as it is opened in a browser. */
export function setUpPath(server: TestServer): string {
  const link = new URL(server.setupUrl ?? '');
  return `${link.pathname}${link.search}${link.hash}`;
}

async function ownerState(server: TestServer, context: () => Promise<BrowserContext>) {
  const fresh = await context();
  const page = await fresh.newPage();
  await page.goto(setUpPath(server));
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name: 'Flags' }).waitFor();
  const state = await fresh.storageState();
  await fresh.close();
  return state;
}

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
}
