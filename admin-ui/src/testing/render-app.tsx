import type { MatrixRow } from '@dimmer/core/api';
import { act, cleanup, configure, render, screen } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { App } from '../app/app.tsx';
import { createServices } from '../app/services.ts';
import { startI18n } from '../lib/i18n/i18n.ts';
import { trusted } from '../lib/trusted.ts';
import { createFakeServer, type FakeServer } from './fake-server.ts';

// Dialogs are fetched when they are needed; on a busy machine that takes longer than the library's one second.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  vi.useRealTimers();
});

/** The whole app on a fake server, at the list of flags, with the feed live. */
export async function renderApp(rows: readonly MatrixRow[]): Promise<FakeServer> {
  standInForLayout();
  const server = createFakeServer(rows);
  history.replaceState(null, '', '/p/default/flags');
  await startI18n('en');
  const services = createServices();
  render(<App services={services} />);
  await screen.findByRole('heading', { level: 1, name: /Flags/ });
  await act(async () => server.say({ type: 'hello', versions: { development: 1, production: 1 }, instances: {} }));
  if (rows.length > 0) await screen.findByRole('grid');
  return server;
}

/** The parts of a browser that lay things out, which the test environment does not have. */
function standInForLayout(): void {
  globalThis.matchMedia = (media) => {
    const list = { media, matches: false, onchange: null, addListener() {}, removeListener() {} };
    return trusted<MediaQueryList>(Object.assign(new EventTarget(), list));
  };
  globalThis.ResizeObserver = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  for (const [name, value] of Object.entries({ clientHeight: 800, clientWidth: 1200 })) {
    Object.defineProperty(Element.prototype, name, { configurable: true, value });
  }
  Element.prototype.scrollTo = () => {};
  globalThis.scrollTo = () => {};
}
