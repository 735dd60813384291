/** One WebSocket frame of a server, which is not masked. */
export interface Frame {
  /** As it was on the wire. */
  readonly bytes: Buffer;
  /** 1: text. */
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Cuts the bytes of a server into frames, after the head of its HTTP answer. An answer without frames is left alone. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #inHead = true;
  #plain = false;

  /** What is complete now: the head comes through as bytes of its own. */
  read(chunk: Buffer): (Frame | Buffer)[] {
    if (this.#plain) return [chunk];
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const found: (Frame | Buffer)[] = [];
    if (this.#inHead) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return found;
      const head = this.#take(end + 4);
      this.#inHead = false;
      this.#plain = !head.subarray(0, 16).includes(' 101 ');
      if (this.#plain) return [head, this.#take(this.#rest.length)];
      found.push(head);
    }
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) found.push(frame);
    return found;
  }

  #frame(): Frame | undefined {
    const { length } = this.#rest;
    if (length < 2) return undefined;
    const short = (this.#rest[1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (length < head) return undefined;
    const size = head === 4 ? this.#rest.readUInt16BE(2) : head === 10 ? Number(this.#rest.readBigUInt64BE(2)) : short;
    if (length < head + size) return undefined;
    const bytes = this.#take(head + size);
    return { bytes, opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(head) };
  }

  #take(size: number): Buffer {
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}

/** A text frame as a server writes it. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x81;
  if (head.length === 2) head[1] = length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
