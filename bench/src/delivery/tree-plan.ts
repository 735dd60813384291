/** What one server or edge can do; measured, or assumed and said so. */
export interface NodeAssumptions {
  /** Sockets that one process serves, SDKs and edges alike. */
  readonly sockets: number;
  /** CPU of one message with its receipt, in microseconds. */
  readonly usPerMessage: number;
  /** Of one change, before framing, in bytes. */
  readonly messageBytes: number;
  /** From a node's having a change to the last of `sockets`, in milliseconds. */
  readonly lastMs: number;
  /** Network time of one hop, in milliseconds. */
  readonly hopMs: number;
}

/** A tree of edges for so many SDKs, and what one change costs in it. */
export interface TreePlan {
  readonly sdks: number;
  /** Edges of all levels; 0: the server has all SDKs itself. */
  readonly edges: number;
  /** Hops from the server to an SDK. */
  readonly depth: number;
  /** Sockets of the server itself. */
  readonly atServer: number;
  /** Most sockets that a node has. */
  readonly atBusiest: number;
  readonly messages: number;
  /** Of all nodes, WebSocket, TCP and IPv4 headers included. */
  readonly bytes: number;
  /** Of all nodes, and of the busiest one. */
  readonly cpuMs: number;
  readonly busiestCpuMs: number;
  /** From the commit until the last SDK. */
  readonly lastMs: number;
}

/** A WebSocket header up to 64 KiB, a TCP header with time stamps, an IPv4 header. */
const HEADER_BYTES = 4 + 32 + 20;

/**
 * Plans the flattest tree in which no node has more sockets than it can serve, with the SDKs on its lowest level,
 * spread evenly. The time until the last is added up level by level, in proportion to the sockets of a node there,
 * as if every node on the way had its child last.
 */
export function planTree(sdks: number, node: NodeAssumptions): TreePlan {
  // How many there are on each level, from the SDKs up to what hangs on the server.
  const levels = [sdks];
  while ((levels.at(-1) ?? 0) > node.sockets) levels.push(Math.ceil((levels.at(-1) ?? 0) / node.sockets));
  const edges = levels.slice(1).reduce((sum, count) => sum + count, 0);
  const perNode = levels.map((count, level) => Math.ceil(count / (levels[level + 1] ?? 1)));
  const messages = sdks + edges;
  const atBusiest = Math.max(...perNode);
  return {
    sdks,
    edges,
    depth: levels.length,
    atServer: levels.at(-1) ?? 0,
    atBusiest,
    messages,
    bytes: messages * (node.messageBytes + HEADER_BYTES),
    cpuMs: (messages * node.usPerMessage) / 1000,
    busiestCpuMs: (atBusiest * node.usPerMessage) / 1000,
    lastMs: perNode.reduce((sum, sockets) => sum + node.hopMs + (node.lastMs * sockets) / node.sockets, 0),
  };
}
