import type { Context } from '../model/context.ts';
import type { Down } from '../protocol/down.ts';
import type { Hello } from '../protocol/hello.ts';
import { parseDown } from '../protocol/parse-down.ts';
import type { Up } from '../protocol/up.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Parameters, Welcome } from '../protocol/welcome.ts';
import { Follower } from './follower.ts';
import { Lines } from './lines.ts';
import type { Line } from './lines.ts';
import type { LinkAction, LinkEvent, TimerName } from './link-event.ts';
import type { ReplicaRules, State, StateMessage } from './replica.ts';
import { Reports } from './reports.ts';
import type { Kind } from './tables.ts';

/** What a link needs to know of its client. */
export interface LinkOptions<K extends Kind> {
  readonly rules: ReplicaRules<K>;
  /** What every `hello` says about the client. */
  readonly hello: () => Pick<Hello, 'sdk' | 'instanceId' | 'appVersion' | 'key'>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Epoch ms from which usage is counted. */
  readonly wall: number;
  /** The state to resume from, and its environment's id. */
  readonly kept?: { readonly environmentId: string | undefined; readonly state: State<K> } | undefined;
  /** Browsers: the first context. */
  readonly context?: Context;
  /** Keys of objects that this client holds only partly. */
  readonly unreadable?: (state: State<K>) => readonly string[];
}

/** Keeps a client connected and its state at the head: event in, actions out, no I/O. */
export class Link<K extends Kind> {
  readonly #options: LinkOptions<K>;
  readonly #follower: Follower<K>;
  readonly #lines: Lines<K>;
  readonly #reports: Reports;
  #out: LinkAction<K>[] = [];
  #parameters: Parameters | undefined;
  #environmentId: string | undefined;
  #context: Context | undefined;
  #generation: number | undefined;

  constructor(options: LinkOptions<K>) {
    this.#options = options;
    this.#follower = new Follower(options.rules, options.kept?.state);
    this.#lines = new Lines((action) => this.#out.push(action), options.random);
    this.#reports = new Reports(options.wall);
    this.#environmentId = options.kept?.environmentId;
    this.#context = options.context;
    this.#generation = options.context && 1;
  }

  /** The state to serve; immutable. */
  get state(): State<K> {
    return this.#follower.state;
  }

  /** Browsers: the number of the newest context, from 1. */
  get generation(): number | undefined {
    return this.#generation;
  }

  /** When the server last said anything on a connection in use, in monotonic ms; undefined: never. */
  get heardAt(): number | undefined {
    return this.#lines.heardAt;
  }

  /** Takes one event in, at `now` (monotonic ms), and says what is to be done. After `close` nothing is. */
  handle(event: LinkEvent, now: number): readonly LinkAction<K>[] {
    this.#out = [];
    this.#lines.now = now;
    if (this.#lines.phase !== 'closed') this.#on(event);
    return this.#out;
  }

  #on(event: LinkEvent): void {
    switch (event.type) {
      case 'start':
        return this.#lines.start();
      case 'opened':
        return this.#opened(event.socket);
      case 'frame':
        return this.#frame(event.socket, event.text);
      case 'closed': {
        const line = this.#lines.find(event.socket);
        if (line) this.#lines.closed(line, event.why);
        return;
      }
      case 'timer':
        return this.#ring(event.name);
      case 'swapped':
        return this.#owe(event.swappedAt - event.arrivedAt, event.swappedAt);
      case 'fetched':
        return this.#fetched(event.text);
      case 'context':
        return this.#setContext(event.context);
      case 'key':
        return this.#lines.redial();
      case 'usage':
        return this.#send(this.#reports.usage(event.usage, event.wall, this.#parameters?.limits.messageBytes ?? 0));
      case 'close':
        return this.#lines.close();
    }
  }

  #opened(socket: number): void {
    const line = this.#lines.find(socket);
    if (!line) return;
    line.opened = true;
    this.#emitSend(line, {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      ...this.#options.hello(),
      cursor: this.state.cursor,
      context: this.#context,
      contextGeneration: this.#generation,
    });
  }

  #frame(socket: number, text: string): void {
    const line = this.#lines.find(socket);
    if (!line) return;
    this.#lines.heard(line);
    const parsed = parseDown(text);
    if (parsed.kind === 'malformed') this.#breach(line, parsed.reason);
    else if (parsed.kind === 'message') this.#message(line, parsed.message);
  }

  #message(line: Line<K>, message: Down): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcome(line, message);
      case 'goodbye':
        return this.#lines.goodbye(line, message.reconnectAfterMs + this.#options.random() * message.spreadMs);
      case 'error':
        this.#error(message.code, message.message ?? message.code);
        return this.#lines.lose(line, message.retryAfterMs, !message.retryable);
      case 'heartbeat':
        // Before its answer a line has no say about the state.
        if (line === this.#lines.current) this.#take(line, message);
        return;
      case 'snapshot':
      case 'delta':
      case 'current':
        return this.#take(line, message);
    }
  }

  #welcome(line: Line<K>, welcome: Welcome): void {
    const { id } = welcome.environment;
    if (this.#environmentId !== undefined && this.#environmentId !== id) this.#clear();
    this.#environmentId = id;
    this.#parameters = welcome;
    this.#lines.heartbeatMs = welcome.heartbeatMs;
    line.welcomed = true;
    this.#lines.heard(line);
    this.#out.push({ do: 'welcome', parameters: welcome });
  }

  #take(line: Line<K>, message: StateMessage): void {
    const step = this.#follower.take(line, message, this.#generation);
    if (step.malformed) return this.#breach(line, 'a part of a snapshot out of order');
    if (step.state) this.#out.push({ do: 'swap', state: step.state, changed: step.changed });
    if (step.answered) this.#answered(line);
    // A swap with changes owes its receipt once it is done; this is the one for having nothing to change.
    if (step.answered && step.state && !step.changed) this.#owe(0, this.#lines.now);
    if (step.resync) this.#emitSend(line, step.resync);
    if (step.fetch) this.#out.push({ do: 'fetch' });
    if (step.diverged) this.#error('digest', 'Three states in a row do not add up to their digest');
  }

  #answered(line: Line<K>): void {
    if (!this.#lines.answered(line)) return;
    this.#send(this.#reports.last);
    this.#timer('usage', this.#parameters?.limits.usageMs);
  }

  #fetched(text: string | undefined): void {
    const line = this.#lines.current ?? this.#lines.attempt;
    const parsed = parseDown(text ?? '');
    if (line && parsed.kind === 'message' && parsed.message.type === 'snapshot') this.#take(line, parsed.message);
    else this.#error('sync', 'A snapshot over HTTP could not be had');
  }

  #setContext(context: Context): void {
    // What one user sees never shows for another, not even for the moment until the new values are here.
    if (context.targetingKey !== this.#context?.targetingKey) this.#clear();
    this.#context = context;
    const contextGeneration = (this.#generation ?? 0) + 1;
    this.#generation = contextGeneration;
    for (const line of [this.#lines.current, this.#lines.attempt]) {
      if (line?.opened) this.#emitSend(line, { type: 'context', context, contextGeneration });
    }
  }

  #clear(): void {
    this.#follower.clear();
    this.#out.push({ do: 'swap', state: this.state });
  }

  #owe(applyMs: number, swappedAt: number): void {
    if (!this.#reports.owe(applyMs, swappedAt)) return;
    const delay = this.#options.random() * (this.#parameters?.receiptJitterMs ?? 0);
    if (delay) this.#timer('receipt', delay);
    else this.#receipt();
  }

  #receipt(): void {
    const receipt = this.#reports.receipt(this.state, this.#lines.now);
    const unreadable = this.#options.unreadable?.(this.state) ?? [];
    if (receipt) this.#send([unreadable.length ? { ...receipt, unreadable } : receipt]);
  }

  #ring(name: TimerName): void {
    if (name === 'receipt') return this.#receipt();
    if (name !== 'usage') return this.#lines.ring(name);
    this.#out.push({ do: 'drain' });
    this.#timer('usage', this.#parameters?.limits.usageMs);
  }

  #breach(line: Line<K>, reason: string): void {
    this.#error('malformed', `The server sent something unreadable: ${reason}`);
    this.#lines.lose(line);
  }

  #error(code: string, message: string): void {
    this.#out.push({ do: 'error', code, message });
  }

  #timer(name: TimerName, ms?: number): void {
    this.#out.push({ do: 'timer', name, ms });
  }

  #emitSend(line: Line<K>, message: Up): void {
    this.#out.push({ do: 'send', socket: line.id, message });
  }

  #send(messages: readonly Up[]): void {
    const line = this.#lines.current;
    if (line) for (const message of messages) this.#emitSend(line, message);
  }
}
