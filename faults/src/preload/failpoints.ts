/** Places in a server where a test can end it, between two steps that nothing outside can tell apart. */
export type Failpoint =
  /** The change is on disk; nobody has been told, and whoever asked for it has no answer. */
  | 'after-commit'
  /** A delta is about to be written to a socket. */
  | 'broadcast';

const armed = new Map<Failpoint, number>();

/** The process ends itself the `times`th time that it comes by. */
export function arm(name: Failpoint, times = 1): void {
  armed.set(name, times);
}

/** To be called at the place itself. It is SIGKILL: nothing is tidied up. */
export function pass(name: Failpoint): void {
  const left = armed.get(name);
  if (left === undefined) return;
  armed.set(name, left - 1);
  if (left > 1) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive, in which nothing more must be done.
  for (;;);
}
