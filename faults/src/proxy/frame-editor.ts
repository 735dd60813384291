import type { Frame } from './frames.ts';
import { FrameReader, textFrame } from './frames.ts';

/** What is done once to a text frame on its way to a client. */
export interface FrameEdit {
  /**
   * `duplicate`, `drop`; `swap`: with the next one that fits; `corrupt`: a byte, so that it is no JSON any more;
   * `insert`: `text` before it; `replace`: by `text`.
   */
  readonly kind: 'duplicate' | 'drop' | 'swap' | 'corrupt' | 'insert' | 'replace';
  /** A text that the frame contains. */
  readonly where: string;
  /** How many that fit go by first. */
  readonly skip?: number;
  readonly text?: string;
}

/** An edit, and how far it has come. */
export interface PendingEdit {
  readonly edit: FrameEdit;
  readonly done: () => void;
  left: number;
  held?: Buffer;
}

/** Edits the frames of one connection. The edits are shared between connections: each happens once. */
export class FrameEditor {
  readonly #reader = new FrameReader();
  readonly #edits: PendingEdit[];

  constructor(edits: PendingEdit[]) {
    this.#edits = edits;
  }

  /** What to send on in place of a chunk. */
  edit(chunk: Buffer): Buffer {
    const out = this.#reader.read(chunk).map((piece) => (Buffer.isBuffer(piece) ? piece : this.#one(piece)));
    return Buffer.concat(out);
  }

  #one(frame: Frame): Buffer {
    const [pending] = this.#edits;
    if (pending === undefined || frame.opcode !== 1 || !frame.payload.includes(pending.edit.where)) return frame.bytes;
    if (pending.left > 0) {
      pending.left -= 1;
      return frame.bytes;
    }
    if (pending.edit.kind === 'swap' && pending.held === undefined) {
      pending.held = frame.bytes;
      return Buffer.alloc(0);
    }
    this.#edits.shift();
    pending.done();
    return edited(frame, pending);
  }
}

function edited({ bytes }: Frame, { edit, held = NOTHING }: PendingEdit): Buffer {
  const { kind, text = '' } = edit;
  if (kind === 'replace') return textFrame(text);
  if (kind === 'corrupt') {
    const broken = Buffer.from(bytes);
    // The last byte closes the outermost object.
    broken[broken.length - 1] = 0x20;
    return broken;
  }
  const pieces = {
    drop: [],
    duplicate: [bytes, bytes],
    swap: [bytes, held],
    insert: [textFrame(text), bytes],
  } satisfies Record<Exclude<FrameEdit['kind'], 'replace' | 'corrupt'>, Buffer[]>;
  return Buffer.concat(pieces[kind]);
}

const NOTHING: Buffer = Buffer.alloc(0);
