import { heading, table } from '../lib/print.ts';
import type { Part } from './parts.ts';
import { planTree, type NodeAssumptions } from './tree-plan.ts';

const SDKS = [10_000, 50_000, 100_000, 500_000, 1_000_000];
const SOCKETS = 10_000;
const HOP_MS = 1;
/** Where propagation was not measured in this run; what `docs/performance.md` states. */
const STATED = { usPerMessage: 56, messageBytes: 304, lastMs: 1_645, bytesPerConnection: 12_400 };

/** What a tree of edges for up to a million SDKs would need: computed from one node's figures, not measured. */
export const paperModel: Part = async (options, figures) => {
  const sockets = options.number('sockets-per-node', SOCKETS);
  const largest = Math.max(0, ...figures.lastMs.keys());
  const measured = figures.lastMs.get(largest);
  const node: NodeAssumptions = {
    sockets,
    usPerMessage: figures.usPerMessage ?? STATED.usPerMessage,
    messageBytes: figures.messageBytes ?? STATED.messageBytes,
    // In proportion, from the largest that was measured.
    lastMs: measured === undefined ? STATED.lastMs : (measured * sockets) / largest,
    hopMs: options.number('hop-ms', HOP_MS),
  };
  const perConnection = figures.bytesPerConnection ?? STATED.bytesPerConnection;
  heading('On paper: edges for many SDKs, each change to all of them');
  console.log(
    `  Computed, not measured. Assumed of a node: ${sockets.toLocaleString('en')} sockets in one process, ` +
      `${node.usPerMessage.toFixed(1)} µs of CPU a message with its receipt, ${node.messageBytes} bytes a change, ` +
      `${node.lastMs.toFixed(0)} ms to its last socket, ${(perConnection / 1024).toFixed(1)} KiB a connection; ` +
      `${node.hopMs} ms of network a hop.\n` +
      `  ${measured === undefined ? 'As docs/performance.md states them' : 'As measured in this run, clients on the same cores'}; ` +
      'edges and server cost the same, and every level waits for its last.',
  );
  table(
    [
      'SDKs',
      'edges',
      'hops',
      'on the server',
      'bytes a change',
      'CPU of all',
      'of the busiest',
      'to the last',
      'RSS an edge',
    ],
    SDKS.map((sdks) => {
      const plan = planTree(sdks, node);
      return [
        sdks.toLocaleString('en'),
        String(plan.edges),
        String(plan.depth),
        plan.atServer.toLocaleString('en'),
        `${(plan.bytes / 1e6).toFixed(1)} MB`,
        `${(plan.cpuMs / 1000).toFixed(1)} s`,
        `${plan.busiestCpuMs.toFixed(0)} ms`,
        `${plan.lastMs.toFixed(0)} ms`,
        `+ ${((plan.atBusiest * perConnection) / 2 ** 20).toFixed(0)} MiB`,
      ];
    }),
  );
  return [];
};
