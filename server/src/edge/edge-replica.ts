import type { Parameters, Up } from '@dimmer/core/protocol';
import { createFallback, createLink, createRefetch } from '@dimmer/core/replica';
import type {
  Changed,
  Clock,
  FallbackOptions,
  Link,
  LinkState,
  OpenSocket,
  Refetch,
  RefetchOptions,
  ReplicaRules,
} from '@dimmer/core/replica';
import type { Log } from '../log.ts';
import { saveState } from './kept-state.ts';
import type { KeptState, StateFile } from './kept-state.ts';
import type { SealedFile } from './sealed-file.ts';
import { createUpstreamSockets } from './upstream-socket.ts';
import type { EdgeIdentity, Upstream } from './upstream.ts';
import type { UpstreamHttp } from './upstream-http.ts';
import { UpstreamRequests } from './upstream-requests.ts';
import type { UsageUp } from './usage-up.ts';

type Kind = 'flags' | 'segments';

/** What it is made of, and whom it tells. */
export interface EdgeReplicaDeps {
  readonly upstream: Upstream;
  readonly who: EdgeIdentity;
  readonly http: Pick<UpstreamHttp, 'snapshot'>;
  readonly file: SealedFile<StateFile>;
  readonly usage: UsageUp;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Another state is here. */
  readonly onState: (kept: KeptState, changed: Changed<Kind>) => void;
  /** Another connection than before is in use. */
  readonly onAnswered: () => void;
  readonly onTurn: (state: LinkState) => void;
}

/** An edge as its upstream knows it. */
export interface EdgeReplica {
  /** Whether the upstream is connected. */
  isLive(): boolean;
  /** Milliseconds since the upstream last said anything; undefined: never. */
  silentMs(): number | undefined;
  /** Why our key is refused, as long as it is. */
  refused(): string | undefined;
  send(message: Up): boolean;
  /** Sends the usage there is, then closes; resolves once that has arrived or had a second to. */
  close(): Promise<void>;
}

/** Everything is passed on as it came, objects of a format that we do not know included. */
const AS_IT_COMES: ReplicaRules<Kind> = { empty: { flags: new Map(), segments: new Map() } };

/** Starts connecting, from the state that an earlier run kept. */
export function createEdgeReplica(deps: EdgeReplicaDeps, kept: KeptState | undefined): EdgeReplica {
  const { clock, log } = deps;
  let state: LinkState = 'connecting';
  let parameters: Parameters | undefined;
  let environmentId = kept?.environment.id;
  let refused: string | undefined;
  const refuse = (why: string): void => {
    if (refused === undefined)
      log.error({ why }, 'the upstream refuses the key of this edge; it goes on with what it has');
    refused = why;
  };
  const requests = new UpstreamRequests(deps.upstream.url);
  const open = openWay(deps, requests, () => link.state(), refuse);
  const refetch = refetchOf(deps, () => ({ epoch: parameters?.epoch, version: link.state().version }));
  const link: Link<Kind> = createLink<Kind>({
    rules: AS_IT_COMES,
    clock,
    random: deps.random,
    open,
    kept: kept?.state,
    hello: () => ({ ...deps.who, edge: true }),
    swap: () => undefined,
    change(next, changed) {
      if (parameters === undefined || next.version === 0) return;
      const { id, key, project } = parameters.environment;
      const one = { environment: { id, key, projectKey: project }, savedAt: clock.wall(), state: next };
      saveState(deps.file, one);
      deps.onState(one, changed);
    },
    welcome(next) {
      refused = undefined;
      parameters = next;
      // Its state is of no use for this one, not even to resume from.
      if (environmentId !== undefined && environmentId !== next.environment.id) link.clear();
      environmentId = next.environment.id;
    },
    answered() {
      log.info({ version: link.state().version, transport: transportOf(link) }, 'connected to the upstream');
      deps.onAnswered();
    },
    state(next) {
      state = next;
      if (next === 'stale') log.warn({}, 'the upstream is gone; serving what there is');
      deps.onTurn(next);
    },
    failed: () => undefined,
    error(code, message) {
      if (code === 'key' || code === 'kind' || code === 'origin') return refuse(refused ?? message);
      log.warn({ code }, `the upstream: ${message}`);
    },
    drain: () => deps.usage.drain(parameters?.limits.messageBytes ?? 0),
    fetch: (then) => refetch.start(then),
  });
  const isLive = (): boolean => state === 'live';
  return replicaOf(deps, link, refetch, requests, { isLive, refused: () => refused });
}

function refetchOf({ clock, random, http, log }: EdgeReplicaDeps, held: RefetchOptions['held']): Refetch {
  return createRefetch({
    clock,
    random,
    held,
    ask: () => http.snapshot(),
    failed: (error) => log.warn({ error }, 'no snapshot could be had over HTTP'),
  });
}

function replicaOf(
  { clock }: EdgeReplicaDeps,
  link: Link<Kind>,
  refetch: Refetch,
  requests: UpstreamRequests,
  rest: Pick<EdgeReplica, 'isLive' | 'refused'>,
): EdgeReplica {
  return {
    ...rest,
    silentMs: () => (link.heardAt() === 0 ? undefined : clock.now() - link.heardAt()),
    send: (message) => link.send([message]),
    close() {
      // What is written down after this might be another process's to write.
      refetch.stop();
      link.close();
      return requests.settled();
    },
  };
}

function transportOf(link: Link<Kind>): 'polling' | 'socket' {
  return link.line()?.isPolling === true ? 'polling' : 'socket';
}

/** WebSockets, or polling where none come through. */
function openWay(
  { upstream, clock }: EdgeReplicaDeps,
  { ask }: UpstreamRequests,
  state: FallbackOptions['state'],
  refused: (why: string) => void,
): OpenSocket {
  const socket = createUpstreamSockets(upstream, refused);
  return createFallback({ clock, ask, socket, state, refused, key: () => upstream.key });
}
