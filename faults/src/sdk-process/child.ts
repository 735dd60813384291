// A process of its own with one SDK, which may be killed, blocked, or given another time.
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { installClock, setClock } from '../preload/clock.ts';
import type { FromLoneSdk, LoneSdk, ToLoneSdk } from './messages.ts';

let client: Client | undefined;

installClock();
process.on('disconnect', () => process.exit());
process.on('message', (message: ToLoneSdk) => {
  if (message.kind === 'open') open(message.sdk);
  if (message.kind === 'clock') setClock(message.offsetMs);
  if (message.kind === 'block') block(message.ms);
  if (message.kind === 'status' && client !== undefined) {
    tell({ kind: 'status', status: client.status, enabled: client.isEnabled(message.flag, { targetingKey: 'ann' }) });
  }
});

function open({ dieAtChange, ...options }: LoneSdk): void {
  const made = createClient({ ...options, log: (level, message) => tell({ kind: 'log', level, message }) });
  client = made;
  made.on('status', ({ state }) => tell({ kind: 'state', state }));
  made.on('change', ({ version }) => {
    if (dieAtChange) process.kill(process.pid, 'SIGKILL');
    tell({ kind: 'change', version });
  });
}

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
  tell({ kind: 'blocked' });
}

function tell(message: FromLoneSdk): void {
  process.send?.(message);
}
