import { setTimeout as pause } from 'node:timers/promises';
import { SUBPROTOCOL } from '@dimmer/core/protocol';
import type { Down } from '@dimmer/core/protocol';
import { WebSocket } from 'ws';
import { wallMs } from '../lib/machine.ts';
import type { Arrivals } from './arrivals.ts';
import type { ToCrowd } from './crowd-messages.ts';

type Order = Extract<ToCrowd, { kind: 'open' }>;

/** A socket that has its state. */
export interface Opened {
  /** Received so far. */
  bytes(): number;
  close(): void;
}

/** What the server admits it admits later. */
const RETRY_MS = 1_000;
const COUNTRIES = ['at', 'br', 'ch', 'cn', 'de', 'fr', 'in', 'jp', 'us', 'za'];

/** The id of the instance with a number. */
export function instanceId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** Opens a socket as a server SDK does; resolves when it is answered. */
export function openSdk(order: Order, n: number, arrivals: Arrivals): Promise<Opened> {
  const { url, key, cursor } = order;
  const connect = (): WebSocket =>
    new WebSocket(`${url}/sdk/v1/stream`, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${key}` },
      perMessageDeflate: false,
      maxPayload: 33_554_432,
    });
  return untilAnswered(connect, { instanceId: instanceId(n), cursor }, arrivals);
}

/** Opens a socket as a browser does, for a user of its own. */
export function openBrowser(order: Order, n: number, arrivals: Arrivals): Promise<Opened> {
  const { url, key } = order;
  const connect = (): WebSocket =>
    new WebSocket(`${url}/client/v1/stream`, SUBPROTOCOL, { perMessageDeflate: false, origin: 'http://localhost' });
  const context = {
    targetingKey: `user-${n}`,
    email: `user-${n}@example.org`,
    plan: n % 3 === 0 ? 'pro' : 'free',
    country: COUNTRIES[n % COUNTRIES.length] ?? 'at',
  };
  return untilAnswered(connect, { instanceId: instanceId(n), key, context, contextGeneration: 1 }, arrivals);
}

/** Null: bare sockets say nothing. */
let bareAnswerMs: number | null = null;

/** Lets bare sockets answer, as SDKs confirm, after a random time up to this; null: not. */
export function letBareAnswer(jitterMs: number | null): void {
  bareAnswerMs = jitterMs;
}

/** Opens a socket to the bare server; what comes is numbered from 1. */
export function openBare(order: Order, _: number, arrivals: Arrivals): Promise<Opened> {
  const socket = new WebSocket(order.url, { perMessageDeflate: false });
  let seen = 0;
  socket.on('message', (data: Buffer) => {
    const at = wallMs();
    const message: { to: number; digest: string } = JSON.parse(data.toString());
    const confirm = (): void => socket.send(receipt(message.to, message.digest));
    if (bareAnswerMs === 0) confirm();
    else if (bareAnswerMs !== null) setTimeout(confirm, Math.random() * bareAnswerMs);
    arrivals.add((seen += 1), at);
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => resolve({ bytes: () => 0, close: () => socket.close() }));
  });
}

async function untilAnswered(connect: () => WebSocket, hello: object, arrivals: Arrivals): Promise<Opened> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const opened = await converse(connect(), hello, arrivals);
    if (opened !== undefined) return opened;
    // oxlint-disable-next-line no-await-in-loop
    await pause(RETRY_MS + Math.random() * RETRY_MS);
  }
}

/** Undefined: not admitted at present. */
function converse(socket: WebSocket, hello: object, arrivals: Arrivals): Promise<Opened | undefined> {
  let received = 0;
  let jitterMs = 0;
  let closing = false;
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'bench/1', ...hello })));
  return new Promise((resolve) => {
    const opened: Opened = {
      bytes: () => received,
      close() {
        closing = true;
        socket.close();
      },
    };
    // The close that follows says enough.
    socket.on('error', () => {});
    socket.on('close', (code) => {
      resolve(undefined);
      if (!closing && received > 0 && code !== 1006) fail(`A socket was closed with ${code}`);
    });
    socket.on('message', (data: Buffer) => {
      const at = wallMs();
      received += data.length;
      const message: Down = JSON.parse(data.toString());
      if (message.type === 'welcome') jitterMs = message.receiptJitterMs;
      if (message.type === 'current') return resolve(opened);
      if (message.type !== 'snapshot' && message.type !== 'delta') return;
      if (message.type === 'snapshot' && message.part < message.parts) return;
      arrivals.cursor = message.cursor;
      const version = message.type === 'delta' ? message.to : message.version;
      const confirm = (): void => socket.send(receipt(version, message.digest));
      if (jitterMs === 0) confirm();
      else setTimeout(confirm, Math.random() * jitterMs);
      if (message.type === 'snapshot' || 'cursor' in hello) resolve(opened);
      if (message.type === 'snapshot') return;
      arrivals.example ||= data.toString();
      arrivals.add(version, at);
    });
  });
}

function receipt(version: number, digest: string): string {
  return JSON.stringify({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
}

/** A run with fewer sockets than it says would measure something else. */
function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
