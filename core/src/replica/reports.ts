import type { Up } from '../protocol/up.ts';
import type { Usage } from '../protocol/usage.ts';
import type { Parameters } from '../protocol/welcome.ts';
import type { LinkOptions } from './link-options.ts';
import type { State } from './replica.ts';
import type { Kind } from './tables.ts';
import type { Timers } from './timers.ts';

/** What a client owes its server: the receipt for the version it holds, and its usage. */
export interface Reports {
  /** Owes a receipt; of several that are owed at once only the newest is sent. Times in ms. */
  owe(applyMs: number, swappedAt: number): void;
  /** Sends the usage there is. */
  usage(): void;
  /** The server's parameters are here. */
  begin(parameters: Parameters): void;
  /**
   * A connection is in use. A socket does not say what arrived, so each gets the last usage again, under the same
   * `seq`: the server drops what it has had.
   */
  resume(): void;
}

/** Makes the reports of a link; `send` gives false when there is no connection. */
export function createReports<K extends Kind>(
  options: LinkOptions<K>,
  timers: Timers,
  state: () => State<K>,
  send: (...messages: readonly Up[]) => boolean,
): Reports {
  const { clock } = options;
  const receiptTimer = timers.create();
  const usageTimer = timers.create();
  let parameters: Parameters | undefined;
  let owed: { readonly applyMs: number; readonly swappedAt: number } | undefined;
  let last: Usage[] = [];
  let seq = 0;
  let from = clock.wall();

  const receipt = (): void => {
    if (!owed) return;
    const { version, digest } = state();
    const { applyMs, swappedAt } = owed;
    const unreadable = options.unreadable?.(state());
    owed = undefined;
    send({ type: 'receipt', version, digest, applyMs, heldMs: clock.now() - swappedAt, ...unreadable });
  };
  const usage = (): void => {
    if (!send()) return;
    const to = clock.wall();
    last = [];
    for (let batch = options.drain(); batch; batch = options.drain()) {
      last.push({ type: 'usage', seq: ++seq, from, to, ...batch });
    }
    from = to;
    send(...last);
  };
  const tick = (): void => {
    usageTimer(parameters?.limits.usageMs, () => {
      usage();
      tick();
    });
  };
  return {
    owe(applyMs, swappedAt) {
      const first = !owed;
      owed = { applyMs, swappedAt };
      if (!first) return;
      const delay = options.random() * (parameters?.receiptJitterMs ?? 0);
      if (delay) receiptTimer(delay, receipt);
      else receipt();
    },
    usage,
    begin(next) {
      parameters = next;
    },
    resume() {
      send(...last);
      tick();
    },
  };
}
