import type { Hello, PresenceMessage, SpreadMessage, Up } from '@dimmer/core/protocol';
import { decodeCursor } from '@dimmer/core/protocol';
import type { KeyIdentity } from '../auth/key-identity.ts';
import { originMayUse } from '../auth/origin.ts';
import type { RulesetVersion } from '../ruleset/ruleset-source.ts';
import { BrowserStream } from './browser-stream.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { toFrame } from './control-frames.ts';
import { LIMIT, OVERLOADED, UNKNOWN_KEY, WRONG_KIND, WRONG_ORIGIN } from './endings.ts';
import type { EnvironmentHub, Guest } from './environment-hub.ts';
import type { Instance } from './instances.ts';
import type { Room } from './room.ts';
import type { Place } from './place.ts';
import { ServerStream } from './server-stream.ts';
import type { SessionDeps } from './session-deps.ts';
import type { StreamOwner } from './stream.ts';
import { count } from './stats.ts';

type Stream = ServerStream | BrowserStream;

/** Time until a client may come again when its answer could not be found. */
const FAILED_RETRY_MS = 5_000;

/**
 * One connection from its first message on: who it is, the stream it gets, and the instance it counts for. It joins
 * its environment in the very tick in which its first answer is chosen, so that no version falls between.
 */
export class Session implements ConnectionListener, Guest, StreamOwner {
  readonly connection: Connection;
  readonly kind: KeyIdentity['kind'];
  readonly #deps: SessionDeps;
  readonly #place: Place;
  #key: KeyIdentity | null;
  #stream: Stream | null = null;
  #environment: EnvironmentHub | null = null;
  #instance: Instance | null = null;
  /** The `receiptJitterMs` that the client knows. */
  #jitterMs = 0;
  #isEdge = false;

  constructor(
    connection: Connection,
    kind: KeyIdentity['kind'],
    key: KeyIdentity | null,
    place: Place,
    deps: SessionDeps,
  ) {
    this.connection = connection;
    this.kind = kind;
    this.#key = key;
    this.#place = place;
    this.#deps = deps;
  }

  get key(): KeyIdentity | null {
    return this.#key;
  }

  get snapshotBytes(): number {
    return this.#stream?.snapshotBytes ?? 0;
  }

  hello(hello: Hello): void {
    void this.#greet(hello).catch((error: unknown) => this.fail(error));
  }

  message(message: Exclude<Up, Hello>): void {
    const stream = this.#stream;
    if (stream === null) return;
    switch (message.type) {
      case 'receipt':
        return this.#receive(stream, message);
      case 'resync':
        this.connection.outbox.confirm(this.#deps.clock.monotonic(), false);
        return stream.resync(message);
      case 'context':
        // Only browsers have one that is the server's business.
        if (stream instanceof BrowserStream) stream.setContext(message);
        return;
      case 'spread':
      case 'presence':
        return this.#report(message);
      case 'usage':
        if (this.#instance === null) return;
        this.#deps.usage.take(this.#instance.environmentId, this.#instance.info.instanceId, message);
        return;
    }
  }

  closed(): void {
    this.#place.settle();
    this.#place.leaveKey();
    this.#room()?.members.delete(this);
    if (this.#instance !== null && this.#deps.instances.disconnect(this.#instance, this)) {
      this.#deps.receipts.left(this.#instance);
      if (this.#isEdge) this.#deps.receipts.leave(this.#instance.info.instanceId);
    }
    this.#deps.onClosed(this);
  }

  offer(version: RulesetVersion): void {
    this.#stream?.offer(version);
  }

  /** Lets browsers' values that depend on the time be looked at again. */
  offerTime(): void {
    if (this.#stream instanceof BrowserStream) this.#stream.offerTime();
  }

  beat(): void {
    this.connection.outbox.together(() => {
      this.#correct();
      this.#stream?.beat();
      this.connection.ping();
    });
  }

  async #greet(hello: Hello): Promise<void> {
    const key = await this.#admit(hello);
    if (key === null || !this.connection.isOpen) return;
    const environment = this.#deps.environmentOf(key);
    this.#environment = environment;
    this.#welcome(environment);
    const join = (heldVersion: number): void => this.#join(hello, key, heldVersion);
    if (this.kind === 'server') {
      const stream = new ServerStream(this.connection, key.environmentId, this.#deps, this);
      this.#stream = stream;
      const held = (head: number): number => this.#heldVersion(hello.cursor, head);
      await stream.start(hello.cursor, (answer) => {
        if (answer.kind !== 'undecided') join(held(answer.version.version));
      });
      return;
    }
    const stream = new BrowserStream(this.connection, hello, {
      ...this.#deps,
      environmentId: key.environmentId,
      onError: (error) => this.fail(error),
      values: environment.values,
      deltas: environment.deltas,
      onUnaffected: (after, upTo) => {
        const instance = this.#held();
        if (instance !== null) this.#deps.receipts.unaffected(instance, after, upTo);
      },
    });
    this.#stream = stream;
    await stream.start(hello.cursor, join);
  }

  /** A server SDK's key was judged before; a browser's comes with its hello. Null: refused. */
  async #admit(hello: Hello): Promise<KeyIdentity | null> {
    if (this.#key !== null) return this.#key;
    const key = hello.key === undefined ? null : await this.#deps.authenticateKey(hello.key);
    if (!this.connection.isOpen) return null;
    const refusal =
      key === null
        ? UNKNOWN_KEY
        : key.kind !== 'client'
          ? WRONG_KIND
          : originMayUse(this.connection.origin, key.origins)
            ? undefined
            : WRONG_ORIGIN;
    if (refusal !== undefined || key === null) {
      this.connection.end(refusal ?? UNKNOWN_KEY);
      return null;
    }
    const verdict = this.#deps.admission.knockKey(key.id, this.#deps.clock.monotonic());
    if (!verdict.admitted) {
      this.connection.end(LIMIT('Too many connections with this key', verdict.retryAfterMs));
      return null;
    }
    this.#place.enterKey(key.id);
    this.#key = key;
    return key;
  }

  #join(hello: Hello, key: KeyIdentity, version: number): void {
    const { instances, receipts } = this.#deps;
    this.#place.settle();
    const { instance, returned } = instances.connect(
      key.environmentId,
      {
        instanceId: hello.instanceId,
        kind: this.kind,
        transport: 'socket',
        sdk: hello.sdk,
        appVersion: hello.appVersion,
        address: this.connection.address,
        version,
        edge: this.kind === 'server' && hello.edge === true,
      },
      this,
    );
    this.#instance = instance;
    if (instance.info.edge === true) {
      this.#isEdge = true;
      const { instanceId, sdk, appVersion, address } = instance.info;
      receipts.join({
        name: instanceId,
        environmentId: key.environmentId,
        timesFromArrival: true,
        late: { instanceId, sdk, appVersion, address },
      });
    }
    if (returned) receipts.returned(instance);
    // Its last receipt may have been lost with the connection it was sent on.
    receipts.applied(instance, version, null);
    this.#room()?.members.add(this);
  }

  #receive(stream: Stream, receipt: Extract<Up, { type: 'receipt' }>): void {
    this.#deps.stats.receipts += 1;
    stream.receipt(receipt.version);
    // Only the newest connection of an instance speaks for it; and nobody has what it was not sent.
    const instance = this.#held();
    if (instance === null || receipt.version > stream.version) return;
    if (receipt.version === stream.version && receipt.digest !== stream.digest) {
      return count(this.#deps.stats.refused, 'digest');
    }
    instance.unreadable = receipt.unreadable?.length === 0 ? undefined : receipt.unreadable;
    this.#deps.receipts.applied(instance, receipt.version, receipt.heldMs);
  }

  /** An edge speaks of the instances behind it; of anybody else such words mean nothing. */
  #report(message: SpreadMessage | PresenceMessage): void {
    const instance = this.#held();
    if (instance === null || !this.#isEdge) return;
    const { receipts } = this.#deps;
    const { environmentId, info } = instance;
    if (message.type === 'presence') receipts.setPresence(info.instanceId, environmentId, message);
    else receipts.report(info.instanceId, { environmentId, version: message.version }, message);
  }

  /** The instance, when this is its newest connection. */
  #held(): Instance | null {
    return this.#instance?.holder === this ? this.#instance : null;
  }

  #welcome(environment: EnvironmentHub): void {
    const parameters = environment.parameters();
    this.#jitterMs = parameters.receiptJitterMs;
    this.connection.outbox.send(toFrame({ type: 'welcome', ...parameters }));
  }

  /** Who came when few were there knows a jitter for few: what is far from true by now is said again. */
  #correct(): void {
    if (this.#environment === null || this.#instance === null || this.connection.outbox.isFull) return;
    if (isFarFrom(this.#jitterMs, this.#environment.receiptJitterMs)) this.#welcome(this.#environment);
  }

  #heldVersion(cursor: string | undefined, head: number): number {
    const fields = cursor === undefined ? null : decodeCursor(cursor);
    if (fields === null || fields.epoch !== this.#deps.source.epoch) return 0;
    return Math.min(fields.version, head);
  }

  #room(): Room<Guest> | undefined {
    return this.kind === 'server' ? this.#environment?.servers : this.#environment?.browsers;
  }

  /** No answer can be found now: the client is asked to come again, which it would otherwise wait for in vain. */
  fail(error: unknown): void {
    this.#deps.onError(error);
    this.connection.end(OVERLOADED(FAILED_RETRY_MS));
  }
}

/** Too long by half or more, or too short. */
function isFarFrom(told: number, now: number): boolean {
  return told * 1.5 < now || now * 1.5 < told;
}
