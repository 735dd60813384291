import { addTallies } from '../checker.ts';
import type { Swarm } from './swarm.ts';

/** Several swarms, as those at a server and those at its edge, as one. */
export function joinSwarms(swarms: readonly Swarm[]): Swarm {
  return {
    tally: async () => addTallies(await Promise.all(swarms.map((swarm) => swarm.tally()))),
    async attempts() {
      const all = await Promise.all(swarms.map((swarm) => swarm.attempts()));
      return {
        started: all.reduce((sum, { started }) => sum + started, 0),
        postponed: all.reduce((sum, { postponed }) => sum + postponed, 0),
        impatient: all.reduce((sum, { impatient }) => sum + impatient, 0),
      };
    },
    rest: async (head, ms) => addTallies(await Promise.all(swarms.map((swarm) => swarm.rest(head, ms)))),
    signal(name) {
      for (const swarm of swarms) swarm.signal(name);
    },
    async stop() {
      await Promise.all(swarms.map((swarm) => swarm.stop()));
    },
  };
}
