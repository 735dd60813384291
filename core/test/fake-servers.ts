import type { Down, FlagEntry, Up } from '@dimmer/core/protocol';
import { digest, heartbeat, open, say, socket, welcome, world } from './fake-world.ts';

/** How a server's stream stands on one connection. */
interface Stream {
  readonly server: Server;
  /** Messages of the client that it has read. */
  read: number;
  greeted: boolean;
  /** The version last sent; 0: none. */
  sent: number;
  /** On its way to the client, which takes it in order. */
  readonly underWay: Down[];
}

interface Server {
  head: number;
}

/** Digest of a version: each has a flag of its own content, and one that differs in every other version only. */
export const digestOf = (version: number): string => digest(String(version), `b${version >> 1}`);

const entry = (h: string): FlagEntry => ({
  h: h.padStart(16, '0'),
  def: { type: 'boolean', variants: { on: { value: true } }, enabled: true },
});
const flagsOf = (version: number) => ({ a: entry(String(version)), b: entry(`b${version >> 1}`) });

/** Two servers on one database, each of which may lag behind it; connections go to the one and the other in turn. */
export class FakeServers {
  /** Of the database. */
  head = 1;
  readonly #servers: readonly Server[] = [{ head: 1 }, { head: 1 }];
  readonly #streams: Stream[] = [];
  readonly #chance: () => number;

  /** `chance`: from 0 up to 1, decides between answers that are both right. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  commit(): void {
    this.head += 1;
  }

  /** Server `n` reads one version more of the database, and tells its streams. */
  learn(n: number): void {
    const server = this.#servers[n % 2];
    if (!server || server.head >= this.head) return;
    server.head += 1;
    for (const stream of this.#allStreams()) {
      if (stream.server === server && stream.sent > 0) this.#sendDelta(stream, stream.sent, server.head);
    }
  }

  /** Connection `n` opens. */
  open(n: number): void {
    if (n < world.sockets.length && socket(n).sent.length === 0) open(n);
  }

  /** A server reads one message of connection `n`. */
  hear(n: number): void {
    const stream = this.#stream(n);
    const message = stream && socket(n).sent[stream.read];
    if (!stream || !message) return;
    stream.read += 1;
    this.#answer(stream, message);
  }

  /** One message arrives over connection `n`. */
  deliver(n: number): void {
    const next = this.#stream(n)?.underWay.shift();
    if (next) say(n, next);
  }

  /** A version is committed, and is the first that connection `n` brings. */
  hasten(n: number): void {
    this.commit();
    for (let lag = this.head; lag > 0; lag -= 1) this.learn(n);
    for (let left = this.#stream(n)?.underWay.length ?? 0; left > 0; left -= 1) this.deliver(n);
  }

  goodbye(n: number): void {
    const stream = this.#stream(n);
    if (stream?.greeted) {
      stream.underWay.push({ type: 'goodbye', reason: 'drain', reconnectAfterMs: 0, spreadMs: 0 });
    }
  }

  beat(n: number): void {
    const stream = this.#stream(n);
    if (stream && stream.sent > 0) stream.underWay.push(heartbeat(stream.sent));
  }

  /** Whatever is on its way arrives, and whatever is asked is answered. */
  settle(): void {
    for (let round = 0; round < 100; round += 1) {
      for (let n = 0; n < world.sockets.length; n += 1) {
        if (socket(n).closed) continue;
        this.open(n);
        this.hear(n);
        this.deliver(n);
      }
    }
  }

  #stream(n: number): Stream | undefined {
    this.#allStreams();
    return n < world.sockets.length && !socket(n).closed ? this.#streams[n] : undefined;
  }

  #allStreams(): readonly Stream[] {
    while (this.#streams.length < world.sockets.length) {
      const server = this.#servers[this.#streams.length % 2] ?? { head: 1 };
      this.#streams.push({ server, read: 0, greeted: false, sent: 0, underWay: [] });
    }
    return this.#streams;
  }

  #answer(stream: Stream, message: Up): void {
    if (message.type === 'hello') {
      stream.greeted = true;
      stream.underWay.push(welcome());
    } else if (message.type !== 'resync') return;
    const cursor = message.type === 'resync' && message.reason === 'digest' ? undefined : message.cursor;
    const { server } = stream;
    const have = Number(cursor?.slice(1) ?? 0);
    // One that is ahead of it makes a server read the database, as far as that version at least.
    while (server.head < have) this.learn(this.#servers.indexOf(server));
    if (have === server.head) {
      stream.sent = server.head;
      stream.underWay.push({ type: 'current', version: server.head, cursor: `c${server.head}` });
    } else if (have > 0 && this.#chance() < 0.5) this.#sendDelta(stream, have, server.head);
    else this.#sendSnapshot(stream);
  }

  #sendDelta(stream: Stream, from: number, to: number): void {
    stream.sent = to;
    const put = { flags: flagsOf(to) };
    stream.underWay.push({ type: 'delta', from, to, cursor: `c${to}`, digest: digestOf(to), put, remove: {} });
  }

  #sendSnapshot(stream: Stream): void {
    const version = stream.server.head;
    stream.sent = version;
    const whole = { version, cursor: `c${version}`, digest: digestOf(version), segments: {} };
    const { a, b } = flagsOf(version);
    const parts = this.#chance() < 0.5 ? [{ a, b }] : [{ a }, { b }];
    for (const [n, flags] of parts.entries()) {
      stream.underWay.push({ type: 'snapshot', ...whole, part: n + 1, parts: parts.length, flags });
    }
  }
}
