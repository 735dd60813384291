/** The signals that ask a process to end. */
export interface Signals {
  /** Resolves with the first. A second one ends the process at once, because somebody is impatient. */
  readonly first: Promise<NodeJS.Signals>;
  /** Stops listening. */
  release(): void;
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type Asking = keyof typeof NUMBERS;

/** Listens from now on: a signal during the start is not lost. */
export function createSignals(source: NodeJS.Process = process): Signals {
  let asked = false;
  let resolveFirst: (signal: NodeJS.Signals) => void = () => {};
  const first = new Promise<NodeJS.Signals>((resolve) => (resolveFirst = resolve));
  const listen = (signal: Asking) => (): void => {
    if (asked) source.exit(128 + NUMBERS[signal]);
    asked = true;
    resolveFirst(signal);
  };
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') };
  source.on('SIGINT', listeners.SIGINT).on('SIGTERM', listeners.SIGTERM);
  return {
    first,
    release: () => void source.off('SIGINT', listeners.SIGINT).off('SIGTERM', listeners.SIGTERM),
  };
}
