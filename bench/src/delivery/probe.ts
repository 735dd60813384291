// Loaded into a server before its own code (`node --import`): answers what it costs, over the channel to its parent.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FromProbe, ToProbe } from './probe-messages.ts';

/** The histogram counts from one sample to the next, so that this is what it says of a loop that is never late. */
const SAMPLE_MS = 1;
const NS_PER_MS = 1e6;

const delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
let since = process.cpuUsage();

process.on('message', (message: ToProbe) => {
  if (message.probe === 'mark') {
    since = process.cpuUsage();
    delay.reset();
    delay.enable();
    return tell({ probe: 'marked' });
  }
  if (message.probe === 'cost') {
    delay.disable();
    const { user, system } = process.cpuUsage(since);
    const loop = (ns: number): number => Math.max(0, ns / NS_PER_MS - SAMPLE_MS);
    return tell({
      probe: 'cost',
      cpuMs: (user + system) / 1000,
      loopP99Ms: loop(delay.percentile(99)),
      loopMaxMs: loop(delay.max),
    });
  }
  if (message.probe === 'memory') void tellMemory();
});
// The server decides when it ends.
process.channel?.unref();

/** What is still in use once everything that is not has been collected, which takes more than one turn. */
async function tellMemory(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc?.();
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  tell({ probe: 'memory', rss, used: heapUsed + external, maxRss: process.resourceUsage().maxRSS * 1024 });
}

function tell(message: FromProbe): void {
  process.send?.(message);
}
