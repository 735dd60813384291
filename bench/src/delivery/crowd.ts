import { requireFiles } from '../lib/machine.ts';
import { startChild, type Child } from './child.ts';
import type { FromCrowd, Mode, ToCrowd } from './crowd-messages.ts';

/** So many sockets one process holds; more processes than four only take turns on two cores. */
const PER_PROCESS = 2_500;
const MOST_PROCESSES = 4;
/** Beside the sockets. */
const OTHER_FILES = 200;

/** What opening sockets came to. */
export interface Opening {
  readonly bytes: number;
  readonly tookMs: readonly number[];
  readonly cursor: string;
}

/** Clients in several processes. */
export interface Crowd {
  open(mode: Mode, count: number, to: { url: string; key: string; from?: number; cursor?: string }): Promise<Opening>;
  /** Epoch ms at which each socket got a version, in order, once all have it. */
  times(mode: Mode, version: number): Promise<readonly number[]>;
  /** The same of those that have it by now. */
  timesSoFar(mode: Mode, version: number): Promise<readonly number[]>;
  /** A message as it came. */
  example(): string;
  /** Links: epoch ms at which each was served again, in order, once all are. */
  served(): Promise<readonly number[]>;
  /** Links: forget what they hold. */
  forget(): Promise<void>;
  /** Bare sockets: answer each message after a random time up to this from now on; null: do not. */
  letBareAnswer(jitterMs: number | null): Promise<void>;
  close(mode: Mode): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the processes for so many sockets to each of one or two servers. */
export function startCrowd(sockets: number, servers = 1): Crowd {
  const processes = Math.min(MOST_PROCESSES, Math.max(1, Math.ceil(sockets / PER_PROCESS)));
  // The server has all of them.
  requireFiles(Math.max(sockets, Math.ceil((sockets * servers) / processes)) + OTHER_FILES);
  const children = Array.from({ length: processes }, () => startChild<ToCrowd, FromCrowd>('crowd-child'));
  let example = '';

  const times = async (order: Extract<ToCrowd, { kind: 'times' }>): Promise<readonly number[]> => {
    const answers = await askAll(children, () => order, 'times');
    example ||= answers.find((answer) => answer.example !== '')?.example ?? '';
    return sorted(answers);
  };
  return {
    async open(mode, count, { url, key, from = 0, cursor }) {
      const share = Math.ceil(count / processes);
      const order = (n: number): ToCrowd => ({
        kind: 'open',
        mode,
        url: url.replace('http', 'ws'),
        key,
        from: from + n * share,
        count: Math.max(0, Math.min(share, count - n * share)),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const answers = await askAll(children, order, 'opened');
      return {
        bytes: answers.reduce((sum, answer) => sum + answer.bytes, 0),
        tookMs: answers.flatMap((answer) => answer.tookMs),
        cursor: answers.find((answer) => answer.cursor !== '')?.cursor ?? '',
      };
    },
    times: (mode, version) => times({ kind: 'times', mode, version }),
    timesSoFar: (mode, version) => times({ kind: 'times', mode, version, count: 0 }),
    example: () => example,
    served: async () => sorted(await askAll(children, () => ({ kind: 'served' }), 'served')),
    forget: async () => void (await askAll(children, () => ({ kind: 'forget' }), 'done')),
    letBareAnswer: async (jitterMs) => void (await askAll(children, () => ({ kind: 'answer', jitterMs }), 'done')),
    close: async (mode) => void (await askAll(children, () => ({ kind: 'close', mode }), 'done')),
    stop: async () => void (await Promise.all(children.map((child) => child.stop()))),
  };
}

function sorted(answers: readonly { readonly at: readonly number[] }[]): readonly number[] {
  return answers.flatMap(({ at }) => at).toSorted((a, b) => a - b);
}

function askAll<K extends FromCrowd['kind']>(
  children: readonly Child<ToCrowd, FromCrowd>[],
  order: (n: number) => ToCrowd,
  kind: K,
): Promise<Extract<FromCrowd, { kind: K }>[]> {
  return Promise.all(
    children.map(async (child, n) => {
      child.tell(order(n));
      const answer = await child.hear();
      if (!is(answer, kind)) throw new Error(`A client process answered ${answer.kind} to ${kind}`);
      return answer;
    }),
  );
}

function is<K extends FromCrowd['kind']>(message: FromCrowd, kind: K): message is Extract<FromCrowd, { kind: K }> {
  return message.kind === kind;
}
