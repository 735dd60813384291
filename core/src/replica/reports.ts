import type { Up } from '../protocol/up.ts';
import type { Usage } from '../protocol/usage.ts';
import type { Parameters } from '../protocol/welcome.ts';
import type { Line } from './lines.ts';
import type { LinkOptions } from './link-options.ts';
import type { State } from './replica.ts';
import type { Kind } from './tables.ts';
import type { Timers } from './timers.ts';

/** What a client owes its server: the receipt for the version it holds, and its usage. */
export interface Reports<K extends Kind> {
  /** Owes a receipt; of several that are owed at once only the newest is sent. Times in ms. */
  receipt(state: State<K>, applyMs: number, swappedAt: number): void;
  /** Sends the usage there is. */
  usage(): void;
  /** The server's parameters are here. */
  welcome(parameters: Parameters): void;
  /**
   * A connection is in use. A socket does not say what arrived, so each gets the last usage again, under the same
   * `seq`: the server drops what it has had.
   */
  answered(): void;
}

/** Sends on a line, by default the current one; false when there is none. */
export type Send<K extends Kind> = (messages: readonly Up[], line?: Line<K>) => boolean;

/** Makes the reports of a link. */
export function createReports<K extends Kind>(options: LinkOptions<K>, timers: Timers, send: Send<K>): Reports<K> {
  const { clock } = options;
  const receiptTimer = timers.create();
  const usageTimer = timers.create();
  let parameters: Parameters | undefined;
  /** The state that a receipt is owed for. */
  let owed: State<K> | undefined;
  let applyMs = 0;
  let swappedAt = 0;
  let last: Usage[] = [];
  let seq = 0;
  let from = clock.wall();

  const receipt = (): void => {
    if (!owed) return;
    const { version, digest } = owed;
    const unreadable = options.unreadable?.(owed);
    owed = undefined;
    send([{ type: 'receipt', version, digest, applyMs, heldMs: clock.now() - swappedAt, ...unreadable }]);
  };
  const usage = (): void => {
    if (!send([])) return;
    const to = clock.wall();
    last = [];
    for (let batch = options.drain(); batch; batch = options.drain()) {
      last.push({ type: 'usage', seq: ++seq, from, to, ...batch });
    }
    from = to;
    send(last);
  };
  const tick = (): void => {
    usageTimer(parameters?.limits.usageMs, () => {
      usage();
      tick();
    });
  };
  return {
    receipt(state, newApplyMs, newSwappedAt) {
      const isFirst = !owed;
      owed = state;
      applyMs = newApplyMs;
      swappedAt = newSwappedAt;
      const delay = options.random() * (parameters?.receiptJitterMs ?? 0);
      if (!delay) receipt();
      else if (isFirst) receiptTimer(delay, receipt);
    },
    usage,
    welcome(next) {
      parameters = next;
    },
    answered() {
      send(last);
      tick();
      options.answered?.();
    },
  };
}
