import { decodeCursor, encodeCursor } from '@dimmer/core/protocol';
import type { ContextMessage, Hello, Resync, SnapshotReason } from '@dimmer/core/protocol';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import { diff } from './browser-values.ts';
import type { BrowserValues, Subject, ValueSet } from './browser-values.ts';
import type { Connection } from './connection.ts';
import { toFrame } from './control-frames.ts';
import { isReplaced } from './replaced.ts';
import { settledHead } from './settled-head.ts';
import { count } from './stats.ts';
import type { StreamDeps } from './stream.ts';
import type { ValueDeltas } from './value-deltas.ts';
import { snapshotTexts } from './value-frames.ts';
import type { ValueHead } from './value-frames.ts';

/** What a browser's stream needs beside. */
export interface BrowserStreamDeps extends StreamDeps {
  readonly environmentId: string;
  /** An answer could not be found. */
  readonly onError: (error: unknown) => void;
  readonly values: BrowserValues;
  readonly deltas: ValueDeltas;
  /** The versions after one up to another were evaluated for this browser, and its values are the same. */
  readonly onUnaffected: (after: number, upTo: number) => void;
}

/**
 * What one browser is sent: its values, then those that change. It is always evaluated for a version at once;
 * `#set` is what it has been sent, `#evaluated` the version that still gives the same, `#sent` the last version it
 * has heard of, from which a delta leads on.
 */
export class BrowserStream {
  readonly connection: Connection;
  readonly #deps: BrowserStreamDeps;
  #subject: Subject;
  #generation: number;
  #set: ValueSet | null = null;
  #evaluated: RulesetVersion | null = null;
  #sent = 0;
  #behind = false;

  constructor(connection: Connection, hello: Hello, deps: BrowserStreamDeps) {
    this.connection = connection;
    this.#deps = deps;
    this.#subject = { context: hello.context ?? {}, seed: deps.random() };
    this.#generation = hello.contextGeneration ?? 0;
  }

  /** The version it was last evaluated for, 0 before the first answer. */
  get version(): number {
    return this.#evaluated?.version ?? 0;
  }

  get digest(): string {
    return this.#set?.digest ?? '';
  }

  /** Values are small: the least limit for what may be buffered applies. */
  get snapshotBytes(): number {
    return 0;
  }

  /** Evaluates and answers; `onAnswer` runs in the same tick, before the answer is sent. */
  async start(cursor: string | undefined, onAnswer: (heldVersion: number) => void): Promise<void> {
    const from = cursor === undefined ? null : decodeCursor(cursor);
    const { source, environmentId, clock, limits, onError } = this.#deps;
    await settledHead(source, environmentId, from, (head) => {
      if (!this.connection.isOpen) return;
      if (head === undefined) {
        clock.after(limits.retryMs, () => void this.start(cursor, onAnswer).catch(onError));
        return;
      }
      const known = from !== null && from.epoch === source.epoch;
      const set = this.#deps.values.all(head, this.#subject);
      const same = known && from.digest === set.digest;
      onAnswer(same ? head.version : known ? Math.min(from.version, head.version) : 0);
      if (same) return this.#sendCurrent(head, set);
      this.#sendSnapshot(head, set, from === null ? undefined : known ? 'context' : 'epoch');
    });
  }

  /** A version was committed. */
  offer(version: RulesetVersion): void {
    const before = this.#evaluated;
    if (before === null || this.#set === null || this.#behind || !this.connection.isOpen) return;
    if (version.version <= before.version) {
      if (isReplaced(before, version, this.#deps.environmentId, this.#deps.source)) this.#answerAgain('epoch');
      return;
    }
    if (this.connection.outbox.isFull) return this.#fallBehind();
    const follows = version.version === before.version + 1 && version.step !== undefined;
    const set = follows
      ? this.#deps.values.again(version, this.#set, this.#deps.values.touched(version), this.#subject)
      : this.#deps.values.all(version, this.#subject);
    this.#evaluated = version;
    if (set.digest === this.#set.digest) return this.#deps.onUnaffected(before.version, version.version);
    this.#sendDelta(version, this.#set, set);
  }

  /** Time has passed: some values depend on it. They come as a snapshot, since the version is the same. */
  offerTime(): void {
    const head = this.#evaluated;
    if (head === null || this.#set === null || this.#behind || !this.connection.isOpen) return;
    const set = this.#deps.values.again(head, this.#set, this.#deps.values.timed(head), this.#subject);
    if (set.digest === this.#set.digest) return;
    if (this.connection.outbox.isFull) return this.#fallBehind();
    this.#sendSnapshot(head, set, undefined);
  }

  /** Another context: always answered by a snapshot of its generation. */
  setContext(message: ContextMessage): void {
    this.#subject = { context: message.context, seed: this.#deps.random() };
    this.#generation = message.contextGeneration;
    this.#answerAgain('context');
  }

  resync(_message: Resync): void {
    this.#answerAgain('resync');
  }

  receipt(version: number): void {
    this.connection.outbox.confirm(this.#deps.clock.monotonic(), version >= this.#sent);
  }

  /** The browser takes the version over from it, so the next delta leads on from there. */
  beat(): void {
    if (this.#evaluated === null || this.#set === null || this.connection.outbox.isFull) return;
    const { version, cursor } = this.#head(this.#evaluated, this.#set);
    this.connection.outbox.send(toFrame({ type: 'heartbeat', version, cursor }));
    this.#sent = version;
  }

  #answerAgain(reason: SnapshotReason): void {
    // Before the first answer there is nothing to replace: that one will be for the new context.
    if (this.#evaluated === null) return;
    const head = this.#deps.source.peek(this.#deps.environmentId) ?? this.#evaluated;
    this.#sendSnapshot(head, this.#deps.values.all(head, this.#subject), reason);
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#deps.stats.behind += 1;
    this.connection.outbox.onceDrained(() => {
      this.#behind = false;
      const before = this.#set;
      const head = this.#deps.source.peek(this.#deps.environmentId);
      const after = this.version;
      if (!this.connection.isOpen || before === null || head === undefined) return;
      const set = this.#deps.values.all(head, this.#subject);
      this.#evaluated = head;
      if (set.digest === before.digest) return this.#deps.onUnaffected(after, head.version);
      if (head.version > this.#sent) this.#sendDelta(head, before, set);
      else this.#sendSnapshot(head, set, undefined);
    });
  }

  #sendCurrent(head: RulesetVersion, set: ValueSet): void {
    const { version, cursor, contextGeneration } = this.#head(head, set);
    this.#deps.stats.currents += 1;
    this.connection.outbox.send(toFrame({ type: 'current', version, cursor, contextGeneration }));
    this.#settle(head, set);
  }

  #sendSnapshot(head: RulesetVersion, set: ValueSet, reason: SnapshotReason | undefined): void {
    count(this.#deps.stats.snapshots, reason ?? 'first');
    for (const text of snapshotTexts(this.#head(head, set), set.values, reason)) {
      this.connection.outbox.send(Buffer.from(text));
    }
    this.connection.outbox.owe(this.#deps.clock.monotonic());
    this.#settle(head, set);
  }

  #sendDelta(head: RulesetVersion, before: ValueSet, set: ValueSet): void {
    this.#deps.stats.deltas += 1;
    const frame = this.#deps.deltas.frame(this.#head(head, set), this.#sent, before.digest, () => diff(before, set));
    this.connection.outbox.sendShared(frame);
    this.connection.outbox.owe(this.#deps.clock.monotonic());
    this.#settle(head, set);
  }

  #settle(head: RulesetVersion, set: ValueSet): void {
    this.#evaluated = head;
    this.#set = set;
    this.#sent = head.version;
  }

  #head(head: RulesetVersion, set: ValueSet): ValueHead {
    const { version } = head;
    const { digest } = set;
    const cursor = encodeCursor({ epoch: this.#deps.source.epoch, version, digest });
    return { version, cursor, digest, contextGeneration: this.#generation };
  }
}
