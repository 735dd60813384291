import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createEdgeKeys } from '../http/edge-keys.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import type { LazyApp } from '../http/lazy-app.ts';
import { createSdkSide } from '../http/sdk-side.ts';
import type { LiveFeed } from '../hub/live-feed.ts';
import type { Log } from '../log.ts';
import type { SdkCore } from './sdk-core.ts';

/** The door of the server: open for SDKs from the start, and for people once their side is there. */
export interface Gate {
  readonly http: HttpServer;
  /** Every environment's head is loaded. */
  setLoaded(): void;
  openForPeople(app: LazyApp, live: LiveFeed): void;
  /** Frees the socket; whoever waits for an answer gets it. */
  stop(): Promise<void>;
  /** Not ready any more, and every answer is the last on its connection. */
  drain(): void;
}

/** Builds it; `http.run` begins to listen. */
export function createGate(address: { readonly host: string; readonly port: number }, core: SdkCore, log: Log): Gate {
  const state = { loaded: false, draining: false };
  let live: LiveFeed | undefined;
  let open: (app: LazyApp) => void = () => {};
  // People who come a moment too early are kept waiting, not turned away.
  const app = new Promise<LazyApp>((resolve) => {
    open = resolve;
  });
  const { hub, keys, addressOf } = core;
  const edgeKeys = createEdgeKeys(core.keyList);
  const http = createHttpServer({
    ...address,
    sdkSide: createSdkSide({
      ...{ hub, keys, addressOf, log, edgeKeys },
      isReady: () => state.loaded && !state.draining,
      readiness: () => describe(core.storage.awayMs?.()),
    }),
    rest: (request: IncomingMessage, response: ServerResponse) =>
      void app.then(({ listener }) => listener(request, response)),
    upgrades: [
      hub.handleUpgrade,
      (request: IncomingMessage, socket: Duplex, head: Buffer) => live?.handleUpgrade(request, socket, head) ?? false,
    ],
  });
  return {
    http,
    setLoaded() {
      state.loaded = true;
    },
    openForPeople(loaded, feed) {
      live = feed;
      open(loaded);
    },
    stop() {
      edgeKeys.stop();
      return http.stop();
    },
    drain() {
      state.draining = true;
      edgeKeys.stop();
      http.drain();
    },
  };
}

/** Ready all the same: SDKs are served from memory, and there is no server to send them to that has the database. */
function describe(awayMs: number | undefined): { readonly body: string } {
  const away = awayMs === undefined ? '' : `, the database has not answered for ${Math.round(awayMs / 1000)} s`;
  return { body: `ready${away}\n` };
}
