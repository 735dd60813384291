/** The signals that ask a process to end. */
export interface Signals {
  /** Resolves with the first. A second press of Ctrl-C ends the process at once, because somebody is impatient. */
  readonly first: Promise<NodeJS.Signals>;
  /** Stops listening. */
  release(): void;
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type Asking = keyof typeof NUMBERS;

/** npm passes on what the terminal has sent already: the same signal within this time is the same press. */
const ONE_PRESS_MS = 250;

/** Listens from now on: a signal during the start is not lost. */
export function createSignals(source: NodeJS.Process = process, now: () => number = () => performance.now()): Signals {
  let asked: { readonly signal: Asking; readonly at: number } | undefined;
  let resolveFirst: (signal: NodeJS.Signals) => void = () => {};
  const first = new Promise<NodeJS.Signals>((resolve) => (resolveFirst = resolve));
  const listen = (signal: Asking) => (): void => {
    if (asked) {
      if (asked.signal !== signal || now() - asked.at > ONE_PRESS_MS) source.exit(128 + NUMBERS[signal]);
      return;
    }
    asked = { signal, at: now() };
    resolveFirst(signal);
  };
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') };
  source.on('SIGINT', listeners.SIGINT).on('SIGTERM', listeners.SIGTERM);
  return {
    first,
    release: () => void source.off('SIGINT', listeners.SIGINT).off('SIGTERM', listeners.SIGTERM),
  };
}
