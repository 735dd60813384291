import { rollOut } from '../writer.ts';
import type { Acknowledged } from '../writer.ts';
import { pause } from '../until.ts';
import type { Topology } from './topology.ts';

/** Writes that go on all the time. */
export interface Load {
  /** What the server has acknowledged, in order. */
  readonly acknowledged: readonly Acknowledged[];
  /** How many writes have not been. */
  failed(): number;
  /** Lets the write under way end and begins no other. */
  stop(): Promise<void>;
}

const EVERY_MS = 30;
/** A server that is stopped answers nothing: then another write is tried. */
const PATIENCE_MS = 2_000;

/** Starts to write: one after the other, each with another percentage. */
export function startLoad({ served, flags }: Pick<Topology, 'served' | 'flags'>): Load {
  const acknowledged: Acknowledged[] = [];
  let failures = 0;
  const over = new AbortController();
  const run = async (): Promise<void> => {
    for (let n = 0; !over.signal.aborted; n += 1) {
      const flag = flags[n % flags.length] ?? '';
      const written = await Promise.race([
        rollOut(served.api, flag, ((n * 7) % 99_991) / 1000),
        pause(PATIENCE_MS).then(() => undefined),
      ]);
      if (written === undefined) failures += 1;
      else acknowledged.push(written);
      await pause(EVERY_MS);
    }
  };
  const running = run();
  return {
    acknowledged,
    failed: () => failures,
    async stop() {
      over.abort();
      await running;
    },
  };
}
