// The reference for propagation: a bare `ws` server that frames a message once and writes it to all sockets.
import { WebSocketServer } from 'ws';
import type { Duplex } from 'node:stream';
import { wallMs } from '../lib/machine.ts';

const FINAL_TEXT = 0x81;
const LONG = 126;

const wires = new Set<Duplex>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 1024 });

server.on('connection', (socket, request) => {
  const wire = request.socket;
  wires.add(wire);
  socket.on('message', () => {});
  socket.on('close', () => wires.delete(wire));
});
server.on('listening', () => {
  const address = server.address();
  process.send?.({ probe: 'listening', port: typeof address === 'object' && address !== null ? address.port : 0 });
});

process.on('message', ({ frame }: { frame?: string }) => {
  if (frame === undefined) return;
  const at = wallMs();
  const framed = toTextFrame(Buffer.from(frame));
  for (const wire of wires) wire.write(framed);
  process.send?.({ probe: 'sent', at });
});
process.on('disconnect', () => process.exit(0));

/** Of 126 bytes to 64 KiB, as a change of one flag is. */
function toTextFrame(message: Buffer): Buffer {
  const { length } = message;
  return Buffer.concat([Buffer.of(FINAL_TEXT, LONG, length >>> 8, length & 0xff), message]);
}
