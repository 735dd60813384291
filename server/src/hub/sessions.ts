import type { KeyIdentity } from '../auth/key-identity.ts';
import { CLOSE } from '@dimmer/core/protocol';
import { Connection } from './connection.ts';
import { UNKNOWN_KEY } from './endings.ts';
import { Heartbeats } from './heartbeat.ts';
import { drainTimes } from './limits.ts';
import { Session } from './session.ts';
import type { SessionDeps } from './session-deps.ts';
import { inSlices } from './slices.ts';
import { count } from './stats.ts';
import type { Arrival } from './upgrade.ts';

/** Share by which the greatest age of a connection is longer or shorter. */
const AGE_JITTER = 0.2;
/** What a client asked to go for its age gets beyond the spread. */
const AGE_GRACE_MS = 30_000;

/** All connections of SDKs: takes them in, keeps an eye on them, and sends them away. */
export class Sessions {
  /** The same for all of them: ten thousand copies would be megabytes. */
  readonly #deps: SessionDeps;
  readonly #all = new Set<Session>();
  readonly #beats: Heartbeats<Session>;
  /** Ends of keys that became known after connections had been judged by them; epoch milliseconds. */
  readonly #keyEnds = new Map<string, number>();
  #onEmpty: (() => void) | null = null;

  constructor(deps: Omit<SessionDeps, 'onClosed'>) {
    this.#deps = { ...deps, onClosed: (session) => session instanceof Session && this.#closed(session) };
    this.#beats = new Heartbeats(deps.limits.heartbeatMs, deps.random, (session) => this.#cut(session, 'pong'));
  }

  get size(): number {
    return this.#all.size;
  }

  accept(arrival: Arrival): void {
    const { clock, limits, random, stats } = this.#deps;
    const maxAgeMs = limits.maxAgeMs * (1 - AGE_JITTER + 2 * AGE_JITTER * random());
    const { socket, wire, address, origin, kind, key, place } = arrival;
    const connection = new Connection({ socket, wire, address, origin, clock, limits, maxAgeMs });
    const session = new Session(connection, kind, key, place, this.#deps);
    this.#all.add(session);
    this.#beats.add(session);
    stats.connections[kind] += 1;
    connection.open(session);
  }

  /** Heartbeats that are due. To be called every `BEAT_TICK_MS`. */
  beat(): void {
    this.#beats.tick();
  }

  /** Gives up connections that no longer read, sends old ones round, ends those whose key has ended. About once a second. */
  sweep(): void {
    const now = this.#deps.clock.monotonic();
    const epochNow = this.#deps.clock.now();
    for (const session of this.#all) {
      const { connection, key } = session;
      const stall = connection.outbox.check(now, session.snapshotBytes);
      if (stall !== undefined) this.#cut(session, stall);
      else if (key !== null && this.#endOf(key) <= epochNow) connection.end(UNKNOWN_KEY);
      else this.#age(connection, now);
    }
    for (const [id, at] of this.#keyEnds) if (at < epochNow - KEY_ENDS_KEPT_MS) this.#keyEnds.delete(id);
  }

  /** A key ends at a time, which may be now. */
  endKey(keyId: string, at: number): void {
    this.#keyEnds.set(keyId, at);
    if (at <= this.#deps.clock.now()) this.end((key) => key.id === keyId);
  }

  /** Ends the connections of these keys. */
  end(fits: (key: KeyIdentity) => boolean): void {
    for (const session of this.#all) if (session.key !== null && fits(session.key)) session.connection.end(UNKNOWN_KEY);
  }

  /** Asks everybody to go, spread over a time that the servers left can bear; resolves when they have, or time is over. */
  async drain(): Promise<void> {
    const { limits, clock } = this.#deps;
    if (this.#all.size === 0) return;
    const { spreadMs, atMostMs } = drainTimes(limits, this.#all.size);
    await inSlices(this.#all, limits.slice, (session) => session.connection.sayGoodbye('drain', spreadMs));
    await new Promise<void>((resolve) => {
      const cancel = clock.after(atMostMs, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
      if (this.#all.size === 0) this.#onEmpty();
    });
    this.#onEmpty = null;
    this.close();
  }

  /** Closes what is left. */
  close(): void {
    for (const session of this.#all) {
      session.connection.close(CLOSE.drain, 'going away');
      setImmediate(() => session.connection.terminate());
    }
  }

  #age(connection: Connection, now: number): void {
    const { drainSpreadMs } = this.#deps.limits;
    const { leavingSince } = connection;
    if (leavingSince === null) {
      if (now - connection.openedAt >= connection.maxAgeMs) connection.sayGoodbye('age', drainSpreadMs);
    } else if (this.#onEmpty === null && now - leavingSince >= drainSpreadMs + AGE_GRACE_MS) {
      connection.close(CLOSE.drain, 'age');
    }
  }

  #endOf(key: KeyIdentity): number {
    return Math.min(key.expiresAt ?? Infinity, this.#keyEnds.get(key.id) ?? Infinity);
  }

  #cut(session: Session, reason: string): void {
    count(this.#deps.stats.terminated, reason);
    session.connection.terminate();
  }

  #closed(session: Session): void {
    if (!this.#all.delete(session)) return;
    this.#beats.delete(session);
    this.#deps.stats.connections[session.kind] -= 1;
    if (this.#all.size === 0) this.#onEmpty?.();
  }
}

/** Longer than any cached answer about a key lives. */
const KEY_ENDS_KEPT_MS = 600_000;
