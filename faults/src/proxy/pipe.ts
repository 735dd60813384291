import type { Socket } from 'node:net';

/** How one direction of a connection behaves. */
export interface Flow {
  /** Nothing is read any more: the sender's buffers fill, as towards a peer that has stopped. */
  readonly paused?: boolean;
  /** All is read and nothing arrives, the end neither: as on a link that is gone without a word. */
  readonly blackHole?: boolean;
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}

const TICK_MS = 50;

/** One direction: what `source` sends reaches `sink` in order, as `flow` says at that moment. */
export class Pipe {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #flow: () => Flow;
  /** Read, and not sent on yet. */
  #waiting: Buffer = Buffer.alloc(0);
  readonly #late: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
  #ended = false;
  #ticking: NodeJS.Timeout | undefined;

  constructor(source: Socket, sink: Socket, flow: () => Flow, edit: (chunk: Buffer) => Buffer = (chunk) => chunk) {
    this.#source = source;
    this.#sink = sink;
    this.#flow = flow;
    source.on('data', (chunk: Buffer) => this.#take(edit(chunk)));
    source.on('end', () => {
      this.#ended = true;
      this.#finish();
    });
    sink.on('drain', () => this.update());
    this.update();
  }

  /** The flow has changed. */
  update(): void {
    const { paused, bytesPerSecond } = this.#flow();
    if (paused) this.#source.pause();
    else if (bytesPerSecond === undefined) this.#flush();
    if (!paused && !this.#sink.writableNeedDrain && this.#waiting.length === 0) this.#source.resume();
    if (bytesPerSecond !== undefined) this.#tick();
    this.#finish();
  }

  /** Ends this direction towards the sink, the other stays. */
  end(): void {
    this.#sink.end();
  }

  destroy(): void {
    clearTimeout(this.#ticking);
  }

  #take(chunk: Buffer): void {
    const { blackHole, delayMs, bytesPerSecond } = this.#flow();
    if (blackHole || chunk.length === 0) return;
    if (delayMs !== undefined || this.#late.length > 0) this.#delay(chunk, delayMs ?? 0);
    else if (bytesPerSecond === undefined && this.#waiting.length === 0) this.#send(chunk);
    else {
      this.#waiting = Buffer.concat([this.#waiting, chunk]);
      this.#source.pause();
      this.#tick();
    }
  }

  /** One after the other, whatever the delay of each: this is a stream. */
  #delay(chunk: Buffer, ms: number): void {
    this.#late.push({ chunk, dueAt: performance.now() + ms });
    if (this.#late.length === 1) setTimeout(() => this.#sendLate(), ms);
  }

  #sendLate(): void {
    const first = this.#late.shift();
    if (first !== undefined) this.#send(first.chunk);
    const [next] = this.#late;
    if (next !== undefined) setTimeout(() => this.#sendLate(), Math.max(0, next.dueAt - performance.now()));
    else this.#finish();
  }

  #send(chunk: Buffer): void {
    if (this.#flow().blackHole || this.#sink.destroyed || this.#sink.writableEnded) return;
    if (!this.#sink.write(chunk)) this.#source.pause();
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = Buffer.alloc(0);
    if (waiting.length > 0) this.#send(waiting);
  }

  /** A trickle: what is waiting goes out bit by bit, and only then is more read. */
  #tick(): void {
    if (this.#ticking !== undefined) return;
    this.#ticking = setTimeout(() => {
      this.#ticking = undefined;
      const { bytesPerSecond } = this.#flow();
      if (bytesPerSecond === undefined) return this.update();
      const size = Math.max(1, Math.round((bytesPerSecond * TICK_MS) / 1000));
      const piece = this.#waiting.subarray(0, size);
      this.#waiting = this.#waiting.subarray(size);
      if (piece.length > 0) this.#send(piece);
      if (this.#waiting.length > 0) this.#tick();
      else this.update();
    }, TICK_MS);
  }

  #finish(): void {
    const { blackHole, paused } = this.#flow();
    if (!this.#ended || this.#waiting.length > 0 || this.#late.length > 0 || blackHole || paused) return;
    this.#sink.end();
  }
}
