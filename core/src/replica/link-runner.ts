import type { Parameters } from '../protocol/welcome.ts';
import type { Clock } from './clock.ts';
import type { LinkAction, LinkEvent, TimerName, UsageCounts } from './link-event.ts';
import type { LinkState } from './link-state.ts';
import type { Link } from './link.ts';
import type { State } from './replica.ts';
import type { OpenSocket, Socket } from './socket.ts';
import type { Changed, Kind } from './tables.ts';

/** What a client does when its link says so. None of these may throw. */
export interface LinkHooks<K extends Kind> {
  /** Serve this state from now on; nothing else. `changed`: as far as entries differ. */
  swap(state: State<K>, changed?: Changed<K>): void;
  /** A state with changes is being served. */
  swapped(state: State<K>, changed: Changed<K>): void;
  welcome(parameters: Parameters): void;
  state(state: LinkState): void;
  /** An attempt failed and there is no other connection; `refused`: the key was. */
  failed(refused: boolean): void;
  error(code: string, message: string): void;
  /** Evaluations since the last call. */
  drain(): UsageCounts;
  /** Gets a snapshot over HTTP, as the text of the message; undefined when that failed. */
  fetch(): Promise<string | undefined>;
}

/** Feeds a link what happens and does what it says. One event is dealt with completely before the next. */
export class LinkRunner<K extends Kind> {
  readonly #link: Link<K>;
  readonly #open: OpenSocket;
  readonly #hooks: LinkHooks<K>;
  readonly #clock: Clock;
  readonly #sockets = new Map<number, Socket>();
  readonly #timers = new Map<TimerName, () => void>();
  readonly #queue: LinkEvent[] = [];
  #busy = false;

  constructor(link: Link<K>, open: OpenSocket, hooks: LinkHooks<K>, clock: Clock) {
    this.#link = link;
    this.#open = open;
    this.#hooks = hooks;
    this.#clock = clock;
  }

  /** Tells the link what happened, or what the application wants. */
  tell(event: LinkEvent): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const arrivedAt = this.#clock.now();
      for (const action of this.#link.handle(next, arrivedAt)) this.#act(action, arrivedAt);
    }
    this.#busy = false;
  }

  /** Sends the usage there is, then closes for good. */
  close(): void {
    this.#drain();
    this.tell({ type: 'close' });
    for (const cancel of this.#timers.values()) cancel();
  }

  #drain(): void {
    this.tell({ type: 'usage', usage: this.#hooks.drain(), wall: this.#clock.wall() });
  }

  #act(action: LinkAction<K>, arrivedAt: number): void {
    switch (action.do) {
      case 'open':
        return this.#dial(action.socket);
      case 'send':
        return this.#sockets.get(action.socket)?.send(JSON.stringify(action.message));
      case 'close':
        this.#sockets.get(action.socket)?.close();
        this.#sockets.delete(action.socket);
        return;
      case 'timer':
        return this.#timer(action.name, action.ms);
      case 'swap':
        return this.#swap(action.state, action.changed, arrivedAt);
      case 'fetch':
        void this.#hooks.fetch().then((text) => this.tell({ type: 'fetched', text }));
        return;
      case 'drain':
        return this.#drain();
      case 'welcome':
        return this.#hooks.welcome(action.parameters);
      case 'state':
        return this.#hooks.state(action.state);
      case 'failed':
        return this.#hooks.failed(action.refused);
      case 'error':
        return this.#hooks.error(action.code, action.message);
    }
  }

  #dial(socket: number): void {
    const opened = this.#open({
      opened: () => this.tell({ type: 'opened', socket }),
      frame: (text) => this.tell({ type: 'frame', socket, text }),
      closed: (why) => this.tell({ type: 'closed', socket, why }),
    });
    this.#sockets.set(socket, opened);
  }

  #swap(state: State<K>, changed: Changed<K> | undefined, arrivedAt: number): void {
    this.#hooks.swap(state, changed);
    if (!changed) return;
    const swappedAt = this.#clock.now();
    this.#hooks.swapped(state, changed);
    this.tell({ type: 'swapped', arrivedAt, swappedAt });
  }

  #timer(name: TimerName, ms: number | undefined): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
    if (ms !== undefined)
      this.#timers.set(
        name,
        this.#clock.after(ms, () => this.tell({ type: 'timer', name })),
      );
  }
}
