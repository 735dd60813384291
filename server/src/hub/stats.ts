/** What the hub has done since it started, for the metrics. Counters only grow. */
export interface HubStats {
  readonly connections: { server: number; client: number };
  handshakes: number;
  refused: Record<string, number>;
  snapshots: Record<string, number>;
  deltas: number;
  currents: number;
  behind: number;
  receipts: number;
  usage: number;
  terminated: Record<string, number>;
}

export function createStats(): HubStats {
  return {
    connections: { server: 0, client: 0 },
    handshakes: 0,
    refused: {},
    snapshots: {},
    deltas: 0,
    currents: 0,
    behind: 0,
    receipts: 0,
    usage: 0,
    terminated: {},
  };
}

/** Adds one under a name. */
export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
