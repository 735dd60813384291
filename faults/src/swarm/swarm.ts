import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { built } from '../built.ts';
import { addTallies, unrest } from '../checker.ts';
import type { Sight, Tally } from '../checker.ts';
import { until } from '../until.ts';
import type { Attempts, Crew, FromCrew, ToCrew } from './messages.ts';

/** How many clients, and where they connect. */
export interface SwarmOptions
  extends Pick<Crew, 'url' | 'key' | 'light'>, Partial<Pick<Crew, 'full' | 'haste' | 'flags'>> {
  /** Processes to spread them over; default 1. */
  readonly processes?: number;
  /** Number of the first; default 0. No two that meet may have the same. */
  readonly first?: number;
}

type Head = Pick<Sight, 'version' | 'digest'>;

/** Many clients in processes of their own, all under watch. */
export interface Swarm {
  tally(): Promise<Tally>;
  attempts(): Promise<Attempts>;
  /** Resolves once everybody is live at the head, which may be asked for anew each time; throws after `ms`. */
  rest(head: Head | (() => Promise<Head>), ms: number): Promise<Tally>;
  /** Stops and continues all its processes. */
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts the clients. They connect from then on; `rest` says when they have. */
export async function startSwarm(options: SwarmOptions): Promise<Swarm> {
  const { url, key, light, full = 0, haste = 1, flags = [], processes = 1, first = 0 } = options;
  const children = Array.from({ length: processes }, () => startCrew());
  await Promise.all(
    children.map((child, n) =>
      child.open({
        ...{ url, key, haste, flags },
        light: share(light, processes, n),
        full: share(full, processes, n),
        from: first + n * (light + full),
      }),
    ),
  );
  const answers = (): Promise<readonly Counted[]> => Promise.all(children.map((child) => child.tally()));
  const tally = async (): Promise<Tally> => addTallies((await answers()).map((answer) => answer.tally));
  return {
    tally,
    async attempts() {
      const attempts = (await answers()).map((answer) => answer.attempts);
      const sum = (of: (one: Attempts) => number): number => attempts.reduce((total, one) => total + of(one), 0);
      return {
        started: sum(({ started }) => started),
        postponed: sum(({ postponed }) => postponed),
        impatient: sum(({ impatient }) => impatient),
      };
    },
    async rest(head, ms) {
      let missing: string | undefined = 'no tally';
      const look = async (): Promise<Tally | false> => {
        const found = await tally();
        missing = unrest(found, typeof head === 'function' ? await head() : head);
        return missing === undefined && found;
      };
      return until(look, { ms, everyMs: 50, what: () => missing ?? 'nothing' });
    },
    signal: (name) => {
      for (const { child } of children) child.kill(name);
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}

type Counted = Extract<FromCrew, { kind: 'tally' }>;

interface CrewProcess {
  readonly child: ChildProcess;
  open(crew: Crew): Promise<void>;
  tally(): Promise<Counted>;
  stop(): Promise<void>;
}

function startCrew(): CrewProcess {
  const child = fork(built('swarm/crew'), { execArgv: [] });
  const ask = async <K extends FromCrew['kind']>(message: ToCrew, kind: K): Promise<Extract<FromCrew, { kind: K }>> => {
    const answer = new Promise<Extract<FromCrew, { kind: K }>>((resolve, reject) => {
      const hear = (heard: FromCrew): void => {
        if (!isOfKind(heard, kind)) return;
        child.off('message', hear);
        child.off('exit', fail);
        resolve(heard);
      };
      const fail = (code: number | null): void => reject(new Error(`A process of clients ended with ${code}`));
      child.on('message', hear);
      child.once('exit', fail);
    });
    child.send(message);
    return answer;
  };
  return {
    child,
    open: async (crew) => void (await ask({ kind: 'open', crew }, 'opened')),
    tally: () => ask({ kind: 'tally' }, 'tally'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function isOfKind<K extends FromCrew['kind']>(message: FromCrew, kind: K): message is Extract<FromCrew, { kind: K }> {
  return message.kind === kind;
}

function share(total: number, parts: number, n: number): number {
  return Math.floor(total / parts) + (n < total % parts ? 1 : 0);
}
