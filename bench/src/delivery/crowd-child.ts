// A process of its own that holds a share of the clients, and says when what arrived where.
import { wallMs } from '../lib/machine.ts';
import { Arrivals } from './arrivals.ts';
import type { FromCrowd, Mode, ToCrowd } from './crowd-messages.ts';
import { forgetAll, openLink, served } from './links.ts';
import { letBareAnswer, openBare, openBrowser, openSdk, type Opened } from './sockets.ts';

type Open = Extract<ToCrowd, { kind: 'open' }>;

/** Opened at once, so that no backlog overflows. */
const BATCH = 25;

const OPENERS: Record<Mode, (order: Open, n: number, arrivals: Arrivals) => Promise<Opened>> = {
  sdk: openSdk,
  bare: openBare,
  browser: openBrowser,
  link: openLink,
};

const crowds = new Map<Mode, { arrivals: Arrivals; members: Opened[] }>();

process.on('message', (message: ToCrowd) => {
  if (message.kind === 'open') return void open(message);
  if (message.kind === 'served') return void served().then((at) => tell({ kind: 'served', at }));
  if (message.kind === 'forget') {
    forgetAll();
    return tell({ kind: 'done' });
  }
  if (message.kind === 'answer') {
    letBareAnswer(message.jitterMs);
    return tell({ kind: 'done' });
  }
  const { arrivals, members } = crowdOf(message.mode);
  if (message.kind === 'times') {
    const { version, count = members.length } = message;
    return void arrivals.take(version, count).then((at) => tell({ kind: 'times', at, example: arrivals.example }));
  }
  for (const member of members.splice(0)) member.close();
  tell({ kind: 'done' });
});
process.on('disconnect', () => process.exit());

async function open(order: Open): Promise<void> {
  const { arrivals, members } = crowdOf(order.mode);
  const tookMs: number[] = [];
  const fresh: Opened[] = [];
  for (let from = 0; from < order.count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, order.count - from) }, async (_, n) => {
      const begun = wallMs();
      const member = await OPENERS[order.mode](order, order.from + from + n, arrivals);
      tookMs.push(wallMs() - begun);
      fresh.push(member);
    });
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await Promise.all(batch);
  }
  members.push(...fresh);
  const bytes = fresh.reduce((sum, member) => sum + member.bytes(), 0);
  tell({ kind: 'opened', bytes, tookMs, cursor: arrivals.cursor });
}

function crowdOf(mode: Mode): { arrivals: Arrivals; members: Opened[] } {
  const known = crowds.get(mode);
  if (known !== undefined) return known;
  const made = { arrivals: new Arrivals(), members: [] };
  crowds.set(mode, made);
  return made;
}

function tell(message: FromCrowd): void {
  process.send?.(message);
}
