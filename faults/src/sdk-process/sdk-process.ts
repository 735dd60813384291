import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Status } from '@dimmer/sdk-node';
import { built } from '../built.ts';
import { until } from '../until.ts';
import type { FromLoneSdk, LoneSdk, ToLoneSdk } from './messages.ts';

/** One SDK in a process of its own. */
export interface SdkProcess {
  /** Everything it has told so far. */
  readonly told: readonly FromLoneSdk[];
  /** The states it went through. */
  states(): readonly string[];
  status(flag?: string): Promise<{ readonly status: Status; readonly enabled: boolean }>;
  /** Resolves once it holds this version. */
  holds(version: number, ms: number): Promise<void>;
  /** Resolves once its event loop has stood still for so long. */
  block(ms: number): Promise<void>;
  setClock(offsetMs: number): void;
  kill(): Promise<void>;
  /** Resolves when it is gone. */
  gone(): Promise<void>;
}

/** Starts it. `wrap`: a command in front of its own. */
export function startSdkProcess(sdk: LoneSdk, wrap: readonly string[] = []): SdkProcess {
  const [command, ...args] = [...wrap, process.execPath, built('sdk-process/child')];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const told: FromLoneSdk[] = [];
  child.on('message', (message: FromLoneSdk) => told.push(message));
  const say = (message: ToLoneSdk): void => void child.send(message);
  const next = <K extends FromLoneSdk['kind']>(kind: K, ms: number): Promise<Extract<FromLoneSdk, { kind: K }>> => {
    const from = told.length;
    const isWanted = (message: FromLoneSdk): message is Extract<FromLoneSdk, { kind: K }> => message.kind === kind;
    const what = (): string => `an SDK process that tells of ${kind}`;
    return until(() => told.slice(from).find(isWanted), { ms, everyMs: 5, what });
  };
  say({ kind: 'open', sdk });
  const gone = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const status: SdkProcess['status'] = async (flag = 'flag-0') => {
    const answer = next('status', 10_000);
    say({ kind: 'status', flag });
    return answer;
  };
  return {
    told,
    states: () => told.flatMap((message) => (message.kind === 'state' ? [message.state] : [])),
    status,
    async holds(version, ms) {
      await until(async () => (await status()).status.version === version, { ms, what: () => `version ${version}` });
    },
    async block(ms) {
      const answer = next('blocked', ms + 10_000);
      say({ kind: 'block', ms });
      await answer;
    },
    setClock: (offsetMs) => say({ kind: 'clock', offsetMs }),
    async kill() {
      child.kill('SIGKILL');
      await gone();
    },
    gone,
  };
}
