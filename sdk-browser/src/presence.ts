import type { Clock, Link } from '@dimmer/core/replica';

/** Time a page keeps its connection while nobody sees it. */
const HIDDEN_MS = 120_000;

/** Whether somebody is there, and a network. */
export interface Presence {
  /** The link was put to sleep, and not woken yet. */
  asleep(): boolean;
  /** An attempt would be of no use. */
  hold(): boolean;
  /** Stops looking. */
  stop(): void;
}

/**
 * Puts a link to sleep when its page has been hidden for 120 s, is frozen or left (a page with a connection could not
 * come back from the browser's back/forward cache), and wakes it when it is seen again. Dials when there is a network
 * again. Where there is no page, as in a worker, somebody always is.
 */
export function createPresence(clock: Clock, link: () => Pick<Link<'values'>, 'sleep' | 'dial'>): Presence {
  const ending = new AbortController();
  let asleep = false;
  let cancel = (): void => undefined;
  const sleep = (): void => {
    if (!asleep) link().sleep();
    asleep = true;
  };
  const look = ({ type }: { readonly type: string }): void => {
    if (type === 'online') {
      if (!asleep) link().dial();
      return;
    }
    cancel();
    if (type === 'freeze' || type === 'pagehide') sleep();
    else if (document.visibilityState === 'hidden') cancel = clock.after(HIDDEN_MS, sleep);
    else if (asleep) {
      asleep = false;
      link().dial();
    }
  };
  if (globalThis.document) {
    for (const type of ['visibilitychange', 'freeze', 'resume', 'pagehide', 'pageshow', 'online']) {
      // Capturing, because not every browser lets all of them rise from the document.
      addEventListener(type, look, { capture: true, signal: ending.signal });
    }
    look({ type: '' });
  }
  return {
    asleep: () => asleep,
    hold: () => asleep || !(globalThis.navigator?.onLine ?? true),
    stop() {
      cancel();
      ending.abort();
    },
  };
}
