import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { sendShared } from './text-frame.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

describe('a message that many sockets get', () => {
  it.each([0, 1, 125, 126, 127, 4_096, 16_384])(
    'of %i bytes is the same on the wire as the WebSocket library makes it',
    async (size) => {
      const { socket, wire, raw } = await startRaw();
      const message = Buffer.from('é'.repeat(size >> 1) + 'e'.repeat(size & 1));
      socket.send(message, { binary: false });
      const expected = await raw.read(size + headerOf(size));
      expect(sendShared(socket, wire, message)).toBe(true);
      expect(expected.equals(await raw.read(expected.length))).toBe(true);
      // Also when it was framed before.
      expect(sendShared(socket, wire, message)).toBe(true);
      expect(expected.equals(await raw.read(expected.length))).toBe(true);
    },
  );

  it('is left to the library when it is long', async () => {
    const { socket, wire, raw } = await startRaw();
    const message = Buffer.alloc(70_000, 'x');
    expect(sendShared(socket, wire, message)).toBe(false);
    expect(message.equals((await raw.read(70_010)).subarray(10))).toBe(true);
  });

  it('keeps its place among messages of a socket on which compression was agreed', async () => {
    const server = await listen({ perMessageDeflate: { threshold: 0 } });
    const client = new WebSocket(`ws://127.0.0.1:${server.port}`, { perMessageDeflate: true });
    open.push({ close: () => client.terminate() });
    const received: string[] = [];
    client.on('message', (data: Buffer) => received.push(data.toString()));
    const { socket, wire } = await server.connected;
    socket.send('a'.repeat(100_000));
    expect(sendShared(socket, wire, Buffer.from('second'))).toBe(false);
    while (received.length < 2) await once(client, 'message');
    expect(received.map((each) => each.length)).toEqual([100_000, 6]);
  });

  it('is not written after the farewell', async () => {
    const { socket, wire } = await startRaw();
    socket.close(1001);
    const before = wire.writableLength;
    expect(sendShared(socket, wire, Buffer.from('late'))).toBe(false);
    expect(wire.writableLength).toBe(before);
  });
});

const headerOf = (size: number): number => (size < 126 ? 2 : 4);

interface Accepted {
  readonly socket: WebSocket;
  readonly wire: Duplex;
}

async function listen(
  options: ConstructorParameters<typeof WebSocketServer>[0] = {},
): Promise<{ port: number; connected: Promise<Accepted> }> {
  const server = new WebSocketServer({ ...options, port: 0, host: '127.0.0.1' });
  open.push(server);
  const connected = new Promise<Accepted>((resolve) => {
    server.once('connection', (socket, request) => resolve({ socket, wire: request.socket }));
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connected };
}

/** A peer that reads bytes and knows nothing of WebSocket. */
async function startRaw(): Promise<Accepted & { raw: { read(bytes: number): Promise<Buffer> } }> {
  const server = await listen();
  const peer = connect(server.port, '127.0.0.1');
  open.push({ close: () => peer.destroy() });
  const key = Buffer.alloc(16).toString('base64');
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`];
  peer.write(`GET / HTTP/1.1\r\nHost: dimmer\r\n${upgrade.join('\r\n')}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
  const raw = readerOf(peer);
  const accepted = await server.connected;
  await raw.through('\r\n\r\n');
  return { ...accepted, raw };
}

function readerOf(peer: Socket): { read(bytes: number): Promise<Buffer>; through(end: string): Promise<void> } {
  let have = Buffer.alloc(0);
  const more = async (): Promise<void> => {
    const [data] = (await once(peer, 'data')) as [Buffer];
    have = Buffer.concat([have, data]);
  };
  const take = (bytes: number): Buffer => {
    const taken = have.subarray(0, bytes);
    have = have.subarray(bytes);
    return taken;
  };
  return {
    async read(bytes) {
      while (have.length < bytes) await more();
      return take(bytes);
    },
    async through(end) {
      while (!have.includes(end)) await more();
      take(have.indexOf(end) + end.length);
    },
  };
}
