import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of this benchmark that is told things and answers. */
export interface Child<To, From> {
  tell(message: To): void;
  /** The next thing it says. */
  hear(): Promise<From>;
  stop(): Promise<void>;
}

/** Starts a script of this folder, as compiled. */
export function startChild<To extends object, From>(name: string, args: readonly string[] = []): Child<To, From> {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), [...args]);
  const heard: From[] = [];
  let wake = (): void => {};
  child.on('message', (message: From) => {
    heard.push(message);
    wake();
  });
  return {
    tell: (message) => void child.send(message),
    async hear() {
      for (;;) {
        const message = heard.shift();
        if (message !== undefined) return message;
        if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`);
        // oxlint-disable-next-line no-await-in-loop -- waits for one message at a time
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
