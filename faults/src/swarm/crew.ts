// A process of its own that holds many clients: a test that shared its event loop with them would measure itself.
import { Checker } from '../checker.ts';
import type { Tally, Watch } from '../checker.ts';
import { createFullClient } from './full-client.ts';
import { createLightClient } from './light-client.ts';
import type { Crew, FromCrew, ToCrew } from './messages.ts';

interface Member {
  readonly watch: Watch;
  isLive(): boolean;
}

/** Opened at once, so that the server's backlog does not overflow. */
const BATCH = 100;

const checker = new Checker();
const members: Member[] = [];
const counts = { started: 0, postponed: 0, impatient: 0 };

process.on('disconnect', () => process.exit());
process.on('message', (message: ToCrew) => {
  if (message.kind === 'open') void open(message.crew);
  else tell({ kind: 'tally', tally: tally(), attempts: { ...counts } });
});

async function open(crew: Crew): Promise<void> {
  const { url, key, light, full, flags, from, haste } = crew;
  const random = (): number => Math.random() * haste;
  for (let n = 0; n < light; n += 1) {
    const name = `light ${from + n}`;
    const watch = checker.watch(name);
    const instanceId = (from + n).toString(16).padStart(32, '0');
    const client = createLightClient({ url, key, name, instanceId, watch, random, counts });
    members.push({ watch, isLive: () => client.state() === 'live' });
    if (n % BATCH === BATCH - 1) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (let n = 0; n < full; n += 1) {
    const watch = checker.watch(`sdk ${from + n}`);
    const { client } = createFullClient({ url, key, flags, watch, random });
    members.push({ watch, isLive: () => client.status.state === 'live' });
  }
  tell({ kind: 'opened' });
}

function tally(): Tally {
  const versions = members.map(({ watch }) => watch.last?.version ?? 0);
  return {
    clients: members.length,
    live: members.filter((member) => member.isLive()).length,
    minVersion: Math.min(...versions),
    maxVersion: Math.max(...versions),
    digests: [...new Set(members.map(({ watch }) => watch.last?.digest ?? 'none'))].slice(0, 5),
    breaches: checker.breaches,
  };
}

function tell(message: FromCrew): void {
  process.send?.(message);
}
