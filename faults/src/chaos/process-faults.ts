import type { ServerUnderTest } from '../server-under-test.ts';
import type { ChaosFault } from './topology.ts';

const DAY_MS = 86_400_000;

/** What can be done to a server process. */
export function processFaults(server: ServerUnderTest, random: () => number): readonly ChaosFault[] {
  const comeBack = async (): Promise<void> => {
    // A failpoint that nobody came by is still armed: the process must be another one either way.
    await server.kill();
    await server.restart();
  };
  return [
    { name: 'kill', begin: () => server.kill(), heal: () => server.restart() },
    { name: 'terminate', begin: async () => void (await server.terminate()), heal: () => server.restart() },
    {
      name: 'kill after a commit',
      begin: async () =>
        void (await server.tell({ kind: 'arm', failpoint: 'after-commit', times: 1 + pick(random, 5) })),
      heal: comeBack,
    },
    {
      name: 'kill in a broadcast',
      begin: async () =>
        void (await server.tell({ kind: 'arm', failpoint: 'broadcast', times: 1 + pick(random, 500) })),
      heal: comeBack,
    },
    {
      name: 'stop',
      begin: async () => server.signal('SIGSTOP'),
      heal: async () => server.signal('SIGCONT'),
    },
    {
      name: 'full disk',
      begin: async () => void (await server.tell({ kind: 'disk', full: true })),
      heal: async () => void (await server.tell({ kind: 'disk', full: false })),
    },
    {
      name: 'clock',
      begin: async () => void (await server.tell({ kind: 'clock', offsetMs: (2 * random() - 1) * DAY_MS })),
      heal: async () => void (await server.tell({ kind: 'clock', offsetMs: 0 })),
    },
  ];
}

function pick(random: () => number, below: number): number {
  return Math.floor(random() * below);
}
