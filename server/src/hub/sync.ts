import { decodeCursor, encodeCursor } from '@dimmer/core/protocol';
import type { ClientSyncRequest, CursorFields } from '@dimmer/core/protocol';
import type { KeyIdentity } from '../auth/key-identity.ts';
import { originMayUse } from '../auth/origin.ts';
import { Refusal } from '../refusal.ts';
import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Subject } from './browser-values.ts';
import type { Clock } from './clock.ts';
import type { EnvironmentHub } from './environment-hub.ts';
import type { Sync, SyncCaller, SyncResult } from './hub.ts';
import type { Instances } from './instances.ts';
import type { HubLimits } from './limits.ts';
import { resume } from './resume.ts';
import type { Answer } from './resume.ts';
import { settledHead } from './settled-head.ts';
import { syncBody, wholeSnapshot } from './sync-bodies.ts';
import { snapshotTexts } from './value-frames.ts';

/** What polling is made of. */
export interface SyncDeps {
  readonly source: RulesetSource;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly instances: Instances;
  readonly environmentOf: (key: KeyIdentity) => EnvironmentHub;
}

/** The polling side, and its end: whoever waits is answered at once. */
export interface SyncHub extends Sync {
  stop(): void;
}

const NOTHING_NEWER: SyncResult = { status: 304 };
const INSTANCE_ID = /^[0-9a-f]{32}$/;

/** Answers polling clients by the same rules as the streams, and lets them wait for something newer. */
export function createSync(deps: SyncDeps): SyncHub {
  const waiting = new Waiting(deps);
  return {
    async server(caller, request) {
      if (caller.key.kind !== 'server') throw wrongKind('server');
      const cursor = readCursor(request.cursor);
      countPolling(deps, caller, cursor);
      const environment = deps.environmentOf(caller.key);
      const until = waiting.until(request.wait);
      for (;;) {
        const found = await findAnswer(deps, environment, caller.key.environmentId, cursor);
        if (found.result !== undefined) return found.result;
        if (!(await waiting.forVersion(found.woken, until, caller.signal))) return NOTHING_NEWER;
      }
    },
    async client(caller, request) {
      if (caller.key.kind !== 'client') throw wrongKind('client');
      if (!originMayUse(caller.origin, caller.key.origins)) {
        throw new Refusal(403, 'ORIGIN', { detail: 'The SDK key may not be used from this origin' });
      }
      const cursor = readCursor(request.cursor);
      countPolling(deps, caller, cursor);
      const environment = deps.environmentOf(caller.key);
      const until = waiting.until(request.wait);
      const subject = { context: request.context, seed: seedOf(caller, request) };
      for (;;) {
        const found = await findValues(deps, environment, { ...request, cursor }, subject);
        if (found.result !== undefined) return found.result;
        if (!(await waiting.forVersion(found.woken, until, caller.signal))) return NOTHING_NEWER;
      }
    },
    stop: () => waiting.stop(),
  };
}

/** An answer, or what to wait for; registered in the tick in which there was none, so that no version is missed. */
type Found =
  | { readonly result: SyncResult; readonly woken?: undefined }
  | { readonly result?: undefined; readonly woken: Woken };

function findAnswer(
  deps: SyncDeps,
  environment: EnvironmentHub,
  environmentId: string,
  cursor: CursorFields | null,
): Promise<Found> {
  return settleOf((settle: (found: Found) => void) =>
    resume(deps.source, { environmentId, cursor, resuming: true }, (answer) => {
      settle(
        answer.kind === 'current'
          ? { woken: wokenBy(environment) }
          : { result: { status: 200, body: toBody(environment, answer) } },
      );
    }),
  );
}

function toBody(environment: EnvironmentHub, answer: Exclude<Answer, { kind: 'current' }>): Buffer {
  if (answer.kind === 'undecided') throw undecided();
  const message = answer.kind === 'delta' ? [answer.frame] : wholeSnapshot(answer.version, answer.reason);
  return syncBody(environment.parameters(), ...message);
}

function findValues(
  deps: SyncDeps,
  environment: EnvironmentHub,
  request: { readonly contextGeneration: number; readonly cursor: CursorFields | null },
  subject: Subject,
): Promise<Found> {
  const { source } = deps;
  const { cursor } = request;
  return settleOf((settle: (found: Found) => void) =>
    settledHead(source, environment.name.id, cursor, (head) => {
      if (head === undefined) throw undecided();
      const set = environment.values.all(head, subject);
      if (cursor !== null && cursor.epoch === source.epoch && cursor.digest === set.digest) {
        return settle({ woken: wokenBy(environment) });
      }
      const known = cursor !== null && cursor.epoch === source.epoch;
      const [text = ''] = snapshotTexts(
        {
          version: head.version,
          cursor: encodeCursor({ epoch: source.epoch, version: head.version, digest: set.digest }),
          digest: set.digest,
          contextGeneration: request.contextGeneration,
        },
        set.values,
        cursor === null ? undefined : known ? 'context' : 'epoch',
        Infinity,
      );
      settle({ result: { status: 200, body: syncBody(environment.parameters(), Buffer.from(text)) } });
    }),
  );
}

/** Runs something that settles in a tick of its own choosing. */
function settleOf<T>(run: (settle: (value: T) => void) => Promise<void>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    run(resolve).catch(reject);
  });
}

interface Woken {
  readonly version: Promise<void>;
  readonly cancel: () => void;
}

function wokenBy(environment: EnvironmentHub): Woken {
  let cancel = (): void => {};
  const version = new Promise<void>((resolve) => {
    cancel = environment.onceVersion(resolve);
  });
  return { version, cancel: () => cancel() };
}

/** Polling requests that wait for a version, as many as may. */
class Waiting {
  readonly #deps: Pick<SyncDeps, 'clock' | 'limits'>;
  readonly #ends = new Set<() => void>();
  #stopped = false;

  constructor(deps: Pick<SyncDeps, 'clock' | 'limits'>) {
    this.#deps = deps;
  }

  /** Monotonic time up to which a client is willing to wait. */
  until(seconds = 0): number {
    const { clock, limits } = this.#deps;
    return clock.monotonic() + Math.min(Math.max(0, seconds) * 1_000, limits.syncWaitMs);
  }

  /** Whether a version came before the time was over, the client gone, or the server stopping. */
  forVersion(woken: Woken, until: number, signal: AbortSignal | undefined): Promise<boolean> {
    const left = until - this.#deps.clock.monotonic();
    if (left <= 0 || this.#stopped || signal?.aborted === true) {
      woken.cancel();
      return Promise.resolve(false);
    }
    if (this.#ends.size >= this.#deps.limits.syncWaiters) {
      woken.cancel();
      throw new Refusal(503, 'OVERLOADED', { detail: 'Too many clients are waiting; ask again later' });
    }
    return new Promise((resolve) => {
      const finish = (came: boolean): void => {
        woken.cancel();
        cancel();
        this.#ends.delete(end);
        signal?.removeEventListener('abort', end);
        resolve(came);
      };
      const end = (): void => finish(false);
      const cancel = this.#deps.clock.after(left, end);
      this.#ends.add(end);
      signal?.addEventListener('abort', end);
      void woken.version.then(() => finish(true));
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#ends) end();
  }
}

function countPolling(deps: SyncDeps, caller: SyncCaller, cursor: CursorFields | null): void {
  const { instanceId, sdk, appVersion, address, key } = caller;
  if (instanceId === undefined || !INSTANCE_ID.test(instanceId)) return;
  deps.instances.poll(key.environmentId, {
    instanceId,
    kind: key.kind,
    transport: 'polling',
    sdk: (sdk ?? 'unknown').slice(0, 128),
    appVersion: appVersion?.slice(0, 128),
    address,
    version: cursor?.epoch === deps.source.epoch ? cursor.version : 0,
  });
}

/** A socket draws once; a polling client has no socket, and its draws must not change with each request. */
function seedOf(caller: SyncCaller, request: ClientSyncRequest): number {
  const text = `${caller.instanceId ?? caller.address}:${request.contextGeneration}`;
  let state = 0x811c_9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x0100_0193);
  return (state >>> 0) / 2 ** 32;
}

function readCursor(cursor: string | undefined): CursorFields | null {
  return cursor === undefined ? null : decodeCursor(cursor);
}

function wrongKind(needed: KeyIdentity['kind']): Refusal {
  return new Refusal(403, 'KEY_KIND', { detail: `This needs a ${needed} key` });
}

function undecided(): Refusal {
  return new Refusal(503, 'NOT_READY', { detail: 'The head cannot be read now; ask again' });
}
