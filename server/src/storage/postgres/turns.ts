import { createMutex, type Mutex } from '../mutex.ts';

/** As a mutex, except that whoever has waited for too long is refused and never runs. */
export function createTurns(patienceMs: number, refuse: () => Error): Mutex {
  const mutex = createMutex();
  return {
    run<T>(work: () => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          reject(refuse());
        }, patienceMs);
        const turn = async (): Promise<void> => {
          clearTimeout(timer);
          if (!late) await work().then(resolve, reject);
        };
        mutex.run(turn).catch(reject);
      });
    },
  };
}
