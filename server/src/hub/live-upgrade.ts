import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { can } from '../policy/permissions.ts';
import { Refusal } from '../refusal.ts';
import { CLOSE_TIMEOUT_MS } from './connection.ts';
import type { LiveFeedDeps } from './live-deps.ts';
import { upgradeTarget } from './upgrade-target.ts';
import { refuseUpgrade } from './upgrade.ts';

/** Somebody who was let in to watch a project. */
export interface Watcher {
  readonly socket: WebSocket;
  readonly project: string;
  /** Whether the credential it came with is still good. */
  readonly isStillAllowed: () => Promise<boolean>;
}

const PATH = '/api/v1/live';

/** The gate of the admin UI's feed: a person's session from our own page, or an API token. */
export function createLiveUpgrade(
  deps: LiveFeedDeps,
  onWatcher: (watcher: Watcher) => Promise<void>,
): (request: IncomingMessage, wire: Duplex, head: Buffer) => boolean {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // It is a feed: nothing is expected from the other side.
    maxPayload: 1_024,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const webSockets = new WebSocketServer(options);
  return (request, wire, head) => {
    const url = upgradeTarget(request);
    if (url?.pathname !== PATH) return false;
    wire.on('error', () => wire.destroy());
    const project = url.searchParams.get('project') ?? '';
    void judge(deps, request, project, true).then(
      (refusal) => {
        if (refusal !== undefined) return refuseUpgrade(wire, refusal.status, refusal.detail);
        webSockets.handleUpgrade(request, wire, head, (socket) => {
          const isStillAllowed = async (): Promise<boolean> =>
            (await judge(deps, request, project, false)) === undefined;
          void onWatcher({ socket, project, isStillAllowed }).catch((error: unknown) => {
            deps.log.warn({ error }, 'a live feed could not begin');
            socket.terminate();
          });
        });
      },
      (error: unknown) => {
        deps.log.warn({ error }, 'a live feed could not be judged');
        refuseUpgrade(wire, 503, 'Not possible now');
      },
    );
    return true;
  };
}

interface Refused {
  readonly status: number;
  readonly detail: string;
}

/** Undefined: let in. */
async function judge(
  deps: LiveFeedDeps,
  request: IncomingMessage,
  project: string,
  isUse: boolean,
): Promise<Refused | undefined> {
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  const credentials = {
    method: 'GET',
    origin: headers.origin,
    secFetchSite: typeof site === 'string' ? site : undefined,
    authorization: headers.authorization,
    cookie: headers.cookie,
  };
  // A page that was left open watches for days: that alone must not keep its session alive.
  const known = await deps.authenticate(credentials, { isUse });
  if (known.kind !== 'known') return { status: 401, detail: 'Sign in, or send an API token as Authorization: Bearer' };
  // Browsers attach the cookie to a WebSocket that any page opens; only Origin tells whose page that was.
  if (known.principal.via === 'session' && !isOwnOrigin(headers.origin, headers.host, deps.origins)) {
    return { status: 403, detail: 'This feed is for our own pages' };
  }
  if (!can(known.principal.role, 'read')) return { status: 403, detail: 'You may not read this' };
  try {
    await deps.views.getProject(project);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, detail: error.detail };
    throw error;
  }
}

/** The page's origin is one of ours, or exactly the one that this very request was sent to. */
function isOwnOrigin(origin: string | undefined, host: string | undefined, origins: ReadonlySet<string>): boolean {
  if (origin === undefined) return false;
  return origins.has(origin) || (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`));
}
