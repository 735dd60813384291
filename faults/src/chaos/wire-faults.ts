import type { FrameEdit } from '../proxy/frame-editor.ts';
import type { Flow } from '../proxy/pipe.ts';
import type { Direction, StallProxy } from '../proxy/stall-proxy.ts';
import type { ChaosFault } from './topology.ts';

/** How many frames one fault edits. */
const EDITS = 20;

/** What can be done between a server and its clients. */
export function wireFaults(proxy: StallProxy, random: () => number): readonly ChaosFault[] {
  const heal = async (): Promise<void> => proxy.heal();
  const flow = (name: string, rules: Flow, directions?: readonly Direction[]): ChaosFault => ({
    name,
    begin: async () => proxy.flow(rules, directions),
    heal,
  });
  const edit = (kind: FrameEdit['kind']): ChaosFault => ({
    name: `${kind} frames`,
    begin: async () => {
      // They wait for frames that fit, and whoever comes by first has them.
      for (let n = 0; n < EDITS; n += 1) void proxy.edit({ kind, where: '"delta"', skip: Math.floor(random() * 50) });
    },
    heal: async () => {
      proxy.forgetEdits();
      await heal();
    },
  });
  return [
    flow('black hole', { blackHole: true }),
    flow('nothing to clients', { paused: true }, ['down']),
    flow('nothing to the server', { paused: true }, ['up']),
    flow('a trickle', { bytesPerSecond: 2_000 }, ['down']),
    flow('delay', { delayMs: 50 + random() * 500 }),
    { name: 'cut', begin: async () => proxy.cut(), heal },
    { name: 'half-close', begin: async () => proxy.halfClose(random() < 0.5 ? 'up' : 'down'), heal },
    edit('duplicate'),
    edit('drop'),
    edit('swap'),
    edit('corrupt'),
  ];
}
