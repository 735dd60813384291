// A process of its own that holds the clients' sockets: raw ones of the SDK protocol, and bare ones beside them.
import { SUBPROTOCOL } from '@dimmer/core/protocol';
import type { RulesetDelta, RulesetDown } from '@dimmer/core/protocol';
import { WebSocket } from 'ws';
import type { FromSwarm, ToSwarm } from './messages.ts';

/** Opened at once, so that neither side's backlog overflows. */
const BATCH = 50;

let example = false;

process.on('message', (message: ToSwarm) => void open(message));
process.on('disconnect', () => process.exit());

async function open({ dimmer, key, bare, sockets }: ToSwarm): Promise<void> {
  for (let from = 0; from < sockets; from += BATCH) {
    const count = Math.min(BATCH, sockets - from);
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        await openSdk(dimmer, key, from + n);
        await openBare(bare);
      }),
    );
  }
  tell({ kind: 'opened' });
}

function openSdk(url: string, key: string, n: number): Promise<void> {
  const socket = new WebSocket(`${url}/sdk/v1/stream`, SUBPROTOCOL, {
    headers: { authorization: `Bearer ${key}` },
    perMessageDeflate: false,
  });
  const instanceId = n.toString(16).padStart(32, '0');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'bench/1', instanceId })));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => fail(`A socket was closed with ${code} ${reason.toString()}`));
    socket.on('message', (data: Buffer) => {
      const message: RulesetDown = JSON.parse(data.toString());
      if (message.type === 'error') return fail(JSON.stringify(message));
      if (message.type !== 'snapshot' && message.type !== 'delta') return;
      const version = message.type === 'delta' ? message.to : message.version;
      const receipt = JSON.stringify({ type: 'receipt', version, digest: message.digest, applyMs: 0, heldMs: 0 });
      socket.send(receipt);
      if (message.type === 'delta' && !example) {
        example = true;
        tell({ kind: 'example', frame: data.toString(), receipt });
      }
      resolve();
    });
  });
}

function openBare(url: string): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', resolve);
    socket.on('message', (data: Buffer) => {
      const message: RulesetDelta = JSON.parse(data.toString());
      socket.send(
        JSON.stringify({ type: 'receipt', version: message.to, digest: message.digest, applyMs: 0, heldMs: 0 }),
      );
    });
  });
}

/** A run with fewer sockets than it says would measure something else. */
function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}

function tell(message: FromSwarm): void {
  process.send?.(message);
}
