/** Every number the hub works with; times in milliseconds, sizes in bytes. */
export interface HubLimits {
  /** Largest message a client may send. */
  readonly messageBytes: number;
  readonly helloMs: number;
  /** Handshakes: rate of the process, burst, and how many may wait for their `hello` at once. */
  readonly handshakesPerSecond: number;
  readonly handshakeBurst: number;
  readonly handshakesInFlight: number;
  /** Of one address: whoever opens connections and says nothing must not keep others out. */
  readonly handshakesInFlightPerAddress: number;
  readonly connectionsPerAddress: number;
  readonly connectionsPerKey: number;
  /** Handshakes of one key: a client that reconnects in a loop must not take the others' share. */
  readonly handshakesPerSecondPerKey: number;
  readonly handshakeBurstPerKey: number;
  /** Requests of one key without a socket: polls, and reports of usage. */
  readonly requestsPerSecondPerKey: number;
  readonly requestBurstPerKey: number;
  /** Event streams over HTTP at once. */
  readonly eventStreamsPerKey: number;
  readonly eventStreamsPerAddress: number;
  /** Messages of one connection. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** `resync` and `context` of one connection: each costs a whole answer. */
  readonly answersPerSecond: number;
  readonly answerBurst: number;
  readonly heartbeatMs: number;
  readonly maxAgeMs: number;
  readonly usageMs: number;
  /** Above this a connection is behind and gets nothing more until it has drained. */
  readonly behindBytes: number;
  /** Above this, or twice the snapshot if that is more, it is terminated. */
  readonly terminateBytes: number;
  readonly undrainedMs: number;
  readonly receiptMs: number;
  /** Up to so many sockets of an environment, receipts come at once; of more each adds to the time they are spread over. */
  readonly receiptsAtOnce: number;
  readonly receiptSpacingMs: number;
  readonly receiptJitterMs: number;
  /** Sockets written to in one go before others get their turn. */
  readonly slice: number;
  /**
   * Least time over which a drain spreads reconnections, and what stragglers get after it: time for whoever went last
   * and was refused once, as by a server that is on its way out itself, to try again before its connection ends.
   */
  readonly drainSpreadMs: number;
  readonly drainGraceMs: number;
  /** How long the head is tried for a client that seems ahead of it. */
  readonly retryMs: number;
  /** Re-evaluation of browser values that depend on the time. */
  readonly nowMs: number;
  /** Longest wait of a polling client, and for how long it counts as there after a request. */
  readonly syncWaitMs: number;
  readonly pollingMs: number;
  /** Polling requests that may wait at once in the process. */
  readonly syncWaiters: number;
  /** Age at which the summary of a version's receipts is stored. */
  readonly summaryMs: number;
  readonly lateMs: number;
  readonly goneMs: number;
  readonly goneKept: number;
}

export const HUB_LIMITS: HubLimits = {
  messageBytes: 65_536,
  helloMs: 5_000,
  handshakesPerSecond: 2_000,
  handshakeBurst: 2_000,
  handshakesInFlight: 2_000,
  handshakesInFlightPerAddress: 1_000,
  connectionsPerAddress: 20_000,
  connectionsPerKey: 50_000,
  handshakesPerSecondPerKey: 1_000,
  handshakeBurstPerKey: 2_000,
  // 30,000 instances of one key that poll every half minute.
  requestsPerSecondPerKey: 1_000,
  requestBurstPerKey: 5_000,
  eventStreamsPerKey: 10_000,
  eventStreamsPerAddress: 5_000,
  messagesPerSecond: 500,
  messageBurst: 2_000,
  answersPerSecond: 2,
  answerBurst: 30,
  heartbeatMs: 15_000,
  maxAgeMs: 3_600_000,
  usageMs: 10_000,
  behindBytes: 65_536,
  terminateBytes: 1_048_576,
  undrainedMs: 10_000,
  receiptMs: 30_000,
  receiptsAtOnce: 2_000,
  receiptSpacingMs: 0.1,
  receiptJitterMs: 1_000,
  slice: 500,
  drainSpreadMs: 5_000,
  drainGraceMs: 5_000,
  retryMs: 1_000,
  nowMs: 30_000,
  syncWaitMs: 25_000,
  pollingMs: 60_000,
  syncWaiters: 10_000,
  summaryMs: 60_000,
  lateMs: 5_000,
  goneMs: 3_600_000,
  goneKept: 2_000,
};

/** Time over which a drain spreads the reconnections of so many, and what it takes at most. */
export function drainTimes(
  limits: HubLimits,
  connections: number,
): { readonly spreadMs: number; readonly atMostMs: number } {
  const spreadMs = Math.max(limits.drainSpreadMs, connections);
  return { spreadMs, atMostMs: spreadMs + limits.drainGraceMs };
}
