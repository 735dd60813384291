import { pass } from './failpoints.ts';

/** What is known here of the server's change feed. */
interface Feed {
  emitChange(event: unknown): void;
}

/** A feed that can end the process between a commit and its announcement. */
export function wrapCreateChangeFeed<F extends Feed>(
  createChangeFeed: (...args: readonly unknown[]) => F,
): typeof createChangeFeed {
  return (...args) => {
    const feed = createChangeFeed(...args);
    return {
      ...feed,
      emitChange(event: unknown) {
        pass('after-commit');
        feed.emitChange(event);
      },
    };
  };
}

/** The ways in which the server's outbox, one for each socket, writes a frame. */
const WRITES = ['send', 'sendShared'] as const;

/** An outbox that can end the process between two sockets of one broadcast. */
export function wrapOutbox(Original: { readonly prototype: object }): typeof Original {
  for (const name of WRITES) {
    const write: unknown = Reflect.get(Original.prototype, name);
    if (typeof write !== 'function') throw new Error(`The outbox has no ${name}`);
    Object.defineProperty(Original.prototype, name, {
      value(this: object, frame: Buffer, ...rest: unknown[]): unknown {
        if (frame.includes('"type":"delta"')) pass('broadcast');
        return Reflect.apply(write, this, [frame, ...rest]);
      },
    });
  }
  return Original;
}

/** What is known here of the part that listens for notifications of the database. */
interface DoorbellDeps {
  readonly ring: (upTo?: number) => void;
}

/** One that hears nothing when `FAULTS_DEAF` says so. */
export function wrapCreateDoorbell<D>(createDoorbell: (deps: DoorbellDeps) => D): typeof createDoorbell {
  return (deps) => createDoorbell(process.env['FAULTS_DEAF'] === '1' ? { ...deps, ring: () => undefined } : deps);
}

/** The hub's numbers, some of them replaced by `FAULTS_LIMITS`: no test waits 45 s for three heartbeats. */
export function wrapLimits<L extends object>(limits: L): L {
  const replaced: Partial<L> = JSON.parse(process.env['FAULTS_LIMITS'] ?? '{}');
  return { ...limits, ...replaced };
}
