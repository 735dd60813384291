import { SUBPROTOCOL } from '@dimmer/core/protocol';
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Admission } from './admission.ts';
import type { Clock } from './clock.ts';
import { CLOSE_TIMEOUT_MS } from './connection.ts';
import { toErrorFrame } from './control-frames.ts';
import type { Ending } from './control-frames.ts';
import { DRAINING, OVERLOADED } from './endings.ts';
import type { HubLimits } from './limits.ts';
import { Place } from './place.ts';
import type { HubDeps } from './ports.ts';
import type { KeyIdentity } from '../auth/key-identity.ts';
import { bearerOf } from '../auth/authenticate.ts';
import { count } from './stats.ts';
import type { HubStats } from './stats.ts';
import { upgradeTarget } from './upgrade-target.ts';

/** A handshake that was let in. Its place is to be settled once it is over, by an answer to `hello` or otherwise. */
export interface Arrival {
  readonly kind: 'server' | 'client';
  readonly socket: WebSocket;
  readonly wire: Duplex;
  readonly address: string;
  readonly origin: string | undefined;
  /** Of server SDKs; browsers name theirs in `hello`. */
  readonly key: KeyIdentity | null;
  readonly place: Place;
}

/** What the gate is made of. */
export interface UpgradeDeps {
  readonly admission: Admission;
  readonly authenticateKey: HubDeps['authenticateKey'];
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly stats: HubStats;
  readonly isDraining: () => boolean;
  readonly onArrival: (arrival: Arrival) => void;
}

const KINDS: Readonly<Record<string, Arrival['kind']>> = {
  '/sdk/v1/stream': 'server',
  '/client/v1/stream': 'client',
};

/** Time within which a refused client is told to come again while the server goes down. */
const DRAIN_RETRY_MS = 2_000;

/**
 * The gate of both streams. A server SDK is judged here, by HTTP status; a browser cannot read one, so it is let in
 * and judged by its `hello`, or told at once that there is no room.
 */
export function createUpgrade(deps: UpgradeDeps): (request: IncomingMessage, wire: Duplex, head: Buffer) => boolean {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: deps.limits.messageBytes,
    // Against floods of tiny fragments: a message here is one frame, cut by a proxy at most.
    maxFragments: 16,
    maxBufferedChunks: 64,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: () => SUBPROTOCOL,
  };
  const webSockets = new WebSocketServer(options);
  return (request, wire, head) => {
    const url = upgradeTarget(request);
    const kind = url && Object.hasOwn(KINDS, url.pathname) ? KINDS[url.pathname] : undefined;
    if (url === undefined || kind === undefined) return false;
    // Until the socket has an owner, a peer that goes away must not take the process with it.
    wire.on('error', destroy);
    const refuse = (status: number, detail: string, retryAfterMs?: number): void => {
      count(deps.stats.refused, String(status));
      refuseUpgrade(wire, status, detail, retryAfterMs);
    };
    if (url.searchParams.has('key'))
      refuse(400, 'A key in the address ends up in logs: send it in a header or in hello');
    else if (!offers(request, SUBPROTOCOL)) refuse(400, `Offer the subprotocol ${SUBPROTOCOL}`);
    else if (kind === 'server') void admitServer(deps, request, wire, refuse, accept);
    else admitClient(deps, request, wire, accept);
    return true;

    function accept(use: (socket: WebSocket) => void): void {
      deps.stats.handshakes += 1;
      webSockets.handleUpgrade(request, wire, head, use);
    }
  };
}

/**
 * Listens as long as the connection lives, and so must not be made where the request is known: it would keep all its
 * headers in memory, for each connection.
 */
function destroy(this: Duplex): void {
  this.destroy();
}

type Refuse = (status: number, detail: string, retryAfterMs?: number) => void;
type Accept = (use: (socket: WebSocket) => void) => void;

async function admitServer(
  deps: UpgradeDeps,
  request: IncomingMessage,
  wire: Duplex,
  refuse: Refuse,
  accept: Accept,
): Promise<void> {
  if (deps.isDraining()) return refuse(503, 'The server is going down', DRAIN_RETRY_MS);
  // The request itself must not be kept by what listens to the connection.
  const { authorization, origin } = request.headers;
  const secret = bearerOf(authorization);
  if (secret === undefined) return refuse(401, 'Send the SDK key as Authorization: Bearer');
  const address = deps.addressOf(request);
  const verdict = deps.admission.knock(address, deps.clock.monotonic());
  if (!verdict.admitted) return refuse(503, 'Too many connections at once', verdict.retryAfterMs);
  const place = Place.of(wire, deps.admission, address);
  let key: KeyIdentity | null;
  try {
    key = await deps.authenticateKey(secret);
  } catch {
    return refuse(503, 'The key cannot be checked now', 5_000);
  }
  if (key === null) return refuse(401, 'The SDK key is unknown, expired or revoked');
  if (key.kind !== 'server') return refuse(403, 'This is a client key; this stream is for server keys');
  const admitted = deps.admission.knockKey(key.id, deps.clock.monotonic());
  if (!admitted.admitted) return refuse(429, 'Too many connections with this key', admitted.retryAfterMs);
  place.enterKey(key.id);
  if (wire.destroyed) return place.leave();
  accept((socket) => {
    deps.onArrival({ kind: 'server', socket, wire, address, origin, key, place });
  });
}

function admitClient(deps: UpgradeDeps, request: IncomingMessage, wire: Duplex, accept: Accept): void {
  if (deps.isDraining()) return accept((socket) => turnAway(socket, DRAINING(DRAIN_RETRY_MS), deps.stats));
  const address = deps.addressOf(request);
  const { origin } = request.headers;
  const verdict = deps.admission.knock(address, deps.clock.monotonic());
  if (!verdict.admitted) {
    return accept((socket) => turnAway(socket, OVERLOADED(verdict.retryAfterMs), deps.stats));
  }
  const place = Place.of(wire, deps.admission, address);
  accept((socket) => {
    deps.onArrival({ kind: 'client', socket, wire, address, origin, key: null, place });
  });
}

function turnAway(socket: WebSocket, ending: Ending, stats: HubStats): void {
  count(stats.refused, ending.code);
  socket.on('error', () => {});
  socket.send(toErrorFrame(ending), { binary: false });
  socket.close(ending.close, ending.code);
}

/** Answers an upgrade request with a problem instead, and closes. */
export function refuseUpgrade(wire: Duplex, status: number, detail: string, retryAfterMs?: number): void {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  const lines = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterMs / 1000)}`]),
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  wire.once('finish', () => wire.destroy());
  wire.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function offers(request: IncomingMessage, subprotocol: string): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((each) => each.trim() === subprotocol);
}
