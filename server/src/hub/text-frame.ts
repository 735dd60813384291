import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Larger messages are left to the library: a framed copy of them would cost more memory than it saves time. */
const LARGEST_FRAMED = 16_384;
const FINAL_TEXT = 0x81;
const LONG = 126;
const OPEN = 1;
const TEXT = { binary: false } as const;

/** By message; gone with it. */
const framed = new WeakMap<Buffer, Buffer>();

/** One unmasked WebSocket text frame (RFC 6455, section 5.2) with a message of less than 64 KiB. */
function toTextFrame(message: Buffer): Buffer {
  const { length } = message;
  if (length < LONG) return Buffer.concat([Buffer.of(FINAL_TEXT, length), message]);
  return Buffer.concat([Buffer.of(FINAL_TEXT, LONG, length >>> 8, length & 0xff), message]);
}

/**
 * Writes a text message that many sockets get: framed once, and written as it is to each. Falls back to the socket's
 * own `send` where that would not be the same: extensions were agreed on (they change the bytes), or something waits
 * inside the socket that has to go first (it counts in `bufferedAmount`, and is not in the stream yet).
 *
 * @param wire the stream under the socket
 * @param message must not change afterwards
 * @returns whether the bytes were written as they are
 */
export function sendShared(socket: WebSocket, wire: Duplex, message: Buffer): boolean {
  const isPlain =
    message.length <= LARGEST_FRAMED &&
    socket.readyState === OPEN &&
    socket.extensions === '' &&
    socket.bufferedAmount === wire.writableLength;
  if (!isPlain) {
    socket.send(message, TEXT);
    return false;
  }
  let frame = framed.get(message);
  if (frame === undefined) framed.set(message, (frame = toTextFrame(message)));
  wire.write(frame);
  return true;
}
