import { decodeCursor } from '@dimmer/core/protocol';
import type { CursorFields, Resync, SnapshotReason } from '@dimmer/core/protocol';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import type { Connection } from './connection.ts';
import { toFrame } from './control-frames.ts';
import { isReplaced } from './replaced.ts';
import { resume } from './resume.ts';
import type { Answer } from './resume.ts';
import { count } from './stats.ts';
import type { StreamDeps, StreamOwner } from './stream.ts';

/**
 * What one server SDK is sent: an answer, then each version's delta. `#sent` is the version it was last sent; a
 * version that does not follow it exactly, or finds the socket full, makes the stream fall behind until one
 * compacted answer brings it to the head.
 */
export class ServerStream {
  readonly connection: Connection;
  readonly #environmentId: string;
  readonly #deps: StreamDeps;
  readonly #owner: StreamOwner;
  #sent: RulesetVersion | null = null;
  /** While an answer is being found live versions are not sent: the answer will contain them. */
  #live = false;
  #turn = 0;

  constructor(connection: Connection, environmentId: string, deps: StreamDeps, owner: StreamOwner) {
    this.connection = connection;
    this.#environmentId = environmentId;
    this.#owner = owner;
    this.#deps = deps;
  }

  /** The version last sent, 0 before the first answer. */
  get version(): number {
    return this.#sent?.version ?? 0;
  }

  /** Digest of that version. */
  get digest(): string {
    return this.#sent?.digest ?? '';
  }

  get snapshotBytes(): number {
    return this.#sent?.snapshotBytes ?? 0;
  }

  /** Finds the first answer; resolves once it was sent or can no longer be. */
  async start(cursor: string | undefined, onAnswer: (answer: Answer) => void): Promise<void> {
    await this.#answer(cursor === undefined ? null : decodeCursor(cursor), true, onAnswer);
  }

  /** A version was committed. */
  offer(version: RulesetVersion): void {
    const sent = this.#sent;
    if (!this.#live || sent === null || !this.connection.isOpen) return;
    if (version.version <= sent.version && !isReplaced(sent, version, this.#environmentId, this.#deps.source)) return;
    const frame = version.version === sent.version + 1 ? version.deltaFrame() : undefined;
    if (frame === undefined || this.connection.outbox.isFull) return this.#fallBehind();
    this.#sendState([frame], version);
    this.#deps.stats.deltas += 1;
  }

  /** The client could not apply what it got. */
  resync(message: Resync): void {
    // Before the first answer there is nothing that could not be applied.
    if (this.#sent === null) return;
    const cursor = message.reason === 'gap' && message.cursor !== undefined ? decodeCursor(message.cursor) : null;
    void this.#answer(cursor, true, () => {}, cursor === null ? 'resync' : undefined).catch((error: unknown) =>
      this.#owner.fail(error),
    );
  }

  /** Confirms what was sent; the client evaluates with `version`. */
  receipt(version: number): void {
    this.connection.outbox.confirm(this.#deps.clock.monotonic(), version >= this.version);
  }

  beat(): void {
    const sent = this.#sent;
    // A full socket gets nothing that can wait; a client that hears nothing will come again.
    if (sent === null || this.connection.outbox.isFull) return;
    this.connection.outbox.sendShared(heartbeatOf(sent));
  }

  async #answer(
    cursor: CursorFields | null,
    resuming: boolean,
    onAnswer: (answer: Answer) => void,
    reason?: SnapshotReason,
  ): Promise<void> {
    const turn = ++this.#turn;
    this.#live = false;
    await resume(this.#deps.source, { environmentId: this.#environmentId, cursor, resuming }, (answer) => {
      if (turn !== this.#turn || !this.connection.isOpen) return;
      if (answer.kind === 'undecided') {
        this.#deps.clock.after(this.#deps.limits.retryMs, () => {
          if (turn !== this.#turn || !this.connection.isOpen) return;
          void this.#answer(cursor, resuming, onAnswer, reason).catch((error: unknown) => this.#owner.fail(error));
        });
        return;
      }
      onAnswer(answer);
      this.#send(answer, reason);
      this.#live = true;
    });
  }

  #send(answer: Exclude<Answer, { kind: 'undecided' }>, reason: SnapshotReason | undefined): void {
    const { version } = answer;
    const { stats } = this.#deps;
    switch (answer.kind) {
      case 'current':
        this.#sent = version;
        stats.currents += 1;
        return this.connection.outbox.send(
          toFrame({ type: 'current', version: version.version, cursor: version.cursor }),
        );
      case 'delta':
        stats.deltas += 1;
        return this.#sendState([answer.frame], version);
      case 'snapshot': {
        const why = answer.reason ?? reason;
        count(stats.snapshots, why ?? 'first');
        return this.#sendState(version.snapshotFrames(why), version);
      }
    }
  }

  #sendState(frames: readonly Buffer[], version: RulesetVersion): void {
    for (const frame of frames) this.connection.outbox.sendShared(frame);
    this.#sent = version;
    this.connection.outbox.owe(this.#deps.clock.monotonic());
  }

  #fallBehind(): void {
    const sent = this.#sent;
    if (sent === null) return;
    this.#live = false;
    this.#deps.stats.behind += 1;
    const turn = ++this.#turn;
    this.connection.outbox.onceDrained(() => {
      if (turn !== this.#turn || !this.connection.isOpen) return;
      void this.#answer(decodeCursor(sent.cursor), false, () => {}).catch((error: unknown) => this.#owner.fail(error));
    });
  }
}

/** By version; gone with it. All who were last sent the same are told the same. */
const heartbeats = new WeakMap<RulesetVersion, Buffer>();

function heartbeatOf(sent: RulesetVersion): Buffer {
  let frame = heartbeats.get(sent);
  if (frame === undefined) {
    frame = toFrame({ type: 'heartbeat', version: sent.version, cursor: sent.cursor });
    heartbeats.set(sent, frame);
  }
  return frame;
}
