import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameReader } from './proxy/frames.ts';
import type { Frame } from './proxy/frames.ts';
import { until } from './until.ts';

/** A WebSocket connection of which every byte is in the caller's hands. */
export interface RawStream {
  readonly socket: Socket;
  /** The first line of the answer to the upgrade. */
  readonly answer: string;
  /** Frames received so far. */
  readonly frames: readonly Frame[];
  /** Resolves once the server has closed: with the code of its close frame, if it sent one. */
  closed(ms: number): Promise<number | undefined>;
}

const CLOSE_OPCODE = 8;

/** Opens a TCP connection and upgrades it; does not judge the answer. */
export async function openRawStream(port: number, key: string): Promise<RawStream> {
  const socket = connect(port, '127.0.0.1');
  const reader = new FrameReader();
  const frames: Frame[] = [];
  let answer = '';
  let gone = false;
  socket.on('error', () => undefined);
  socket.on('close', () => (gone = true));
  socket.on('data', (chunk: Buffer) => {
    for (const piece of reader.read(chunk)) {
      if (!Buffer.isBuffer(piece)) frames.push(piece);
      else answer ||= piece.toString().split('\r\n', 1)[0] ?? '';
    }
  });
  const lines = [
    'GET /sdk/v1/stream HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: dimmer.1',
    `Authorization: Bearer ${key}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await until(() => answer !== '' || gone, { ms: 20_000, everyMs: 2, what: () => 'an answer to an upgrade' });
  return {
    socket,
    answer,
    frames,
    async closed(ms) {
      await until(() => gone, { ms, everyMs: 5, what: () => 'the end of a connection' });
      const frame = frames.find(({ opcode }) => opcode === CLOSE_OPCODE);
      return frame?.payload.length === 0 ? undefined : frame?.payload.readUInt16BE(0);
    },
  };
}

/** What can be wrong with a frame. */
export interface FrameParts {
  readonly payload: Buffer;
  /** Default: a whole text, as it should be. */
  readonly opcode?: number;
  readonly final?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
}

/** A frame as a client writes it; its mask is nothing but zeros. */
export function clientFrame(parts: FrameParts): Buffer {
  const { payload, opcode = 1, final = true, reserved = 0, masked = true } = parts;
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
