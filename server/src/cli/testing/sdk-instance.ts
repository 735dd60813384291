import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A connected SDK as the server sees one. */
export interface SdkInstance {
  close(): void;
}

/** Connects as a server SDK does, and takes its first state; `answers`: sends a receipt for everything it gets. */
export async function connectInstance(url: string, key: string, answers: boolean): Promise<SdkInstance> {
  const headers = { authorization: `Bearer ${key}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sdk/v1/stream`, 'dimmer.1', { headers });
  await once(socket, 'open');
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message: { type: string; version?: number; to?: number; digest?: string } = JSON.parse(data.toString());
      if (message.type !== 'snapshot' && message.type !== 'delta') return;
      const { digest, version = message.to } = message;
      if (answers) socket.send(JSON.stringify({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 }));
      resolve();
    });
    const instanceId = Math.random().toString(16).slice(2, 10).padEnd(32, '0');
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'test/1', instanceId }));
  });
  return { close: () => socket.close() };
}
