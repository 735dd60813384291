import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { WebSocket } from 'ws';

interface Told {
  readonly type: string;
  readonly to?: number;
  readonly digest?: string;
}

/** Where it connects, and as who. */
export interface ReportingSdk {
  readonly url: string;
  readonly key: string;
  /** Its instance id, as a number. */
  readonly n: number;
  /** It never says what it has applied. */
  readonly silent?: boolean;
}

/** The id of an instance. */
export const instanceIdOf = (n: number): string => n.toString(16).padStart(32, '0');

/** A server SDK on a plain socket that reports what it applies at once. Resolves when it has its first state. */
export async function connectReportingSdk({ url, key, n, silent = false }: ReportingSdk): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sdk/v1/stream`, SUBPROTOCOL, {
    headers: { Authorization: `Bearer ${key}` },
  });
  socket.on('error', () => {});
  const ready = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { type, to: version, digest }: Told = JSON.parse(data.toString());
      if (type === 'snapshot') resolve();
      if (type !== 'delta' || silent) return;
      socket.send(JSON.stringify({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 }));
    });
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, instanceId: instanceIdOf(n), sdk: 'test/1' }));
  await ready;
  return socket;
}
