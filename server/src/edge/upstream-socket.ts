import { REFUSED, SUBPROTOCOL } from '@dimmer/core/protocol';
import type { OpenSocket, SocketListener } from '@dimmer/core/replica';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Upstream } from './upstream.ts';

/** How long the other side has to answer a close. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Largest message taken, in bytes: twice the largest ruleset that a server accepts. */
const MAX_MESSAGE_BYTES = 33_554_432;
/** Longest answer that is looked into for why a key is refused, in characters. */
const MAX_DETAIL = 4_096;

/** Errors of a connection which say that nothing is there, rather than that something is in the way. */
const AWAY: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

/** Opens sockets to the upstream. `refused` gets to know why the key will not do. */
export function createUpstreamSockets({ url, key }: Upstream, refused: (why: string) => void): OpenSocket {
  const address = `${url.replace(/^http/, 'ws')}/sdk/v1/stream`;
  return (listener) => {
    const socket = new WebSocket(address, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${key}` },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      followRedirects: false,
    });
    const tell = listen(socket, listener, refused);
    return {
      send(message) {
        if (socket.readyState === WebSocket.OPEN) socket.send(message);
      },
      close() {
        if (tell.ended()) return;
        tell.silence();
        hangUp(socket);
      },
    };
  };
}

interface Tell {
  ended(): boolean;
  silence(): void;
}

function listen(socket: WebSocket, listener: SocketListener, refused: (why: string) => void): Tell {
  let ended = false;
  let failure: 'away' | 'blocked' | undefined;
  const end = (why?: string, retryAfterMs?: number): void => {
    if (ended) return;
    ended = true;
    if (why !== undefined) refused(why);
    listener.closed(why !== undefined, retryAfterMs, failure);
  };
  socket.on('open', () => {
    if (!ended) listener.opened();
  });
  socket.on('message', (data, isBinary) => {
    // There are no binary messages; an empty text is malformed just as well.
    if (!ended) listener.frame(isBinary || !Buffer.isBuffer(data) ? '' : data.toString());
  });
  socket.on('unexpected-response', (request, response) => {
    const { statusCode = 0 } = response;
    failure = statusCode >= 500 || statusCode === 429 ? 'away' : 'blocked';
    const seconds = Number(response.headers['retry-after']);
    void refusalOf(response).then((why) => {
      end(why, seconds >= 0 ? seconds * 1000 : undefined);
      request.destroy();
    });
  });
  // What went wrong shows in the close that follows; without a listener it would be thrown.
  socket.on('error', (error) => {
    if ('code' in error && AWAY.has(error.code)) failure = 'away';
  });
  socket.on('close', (code, reason) => {
    end(REFUSED.includes(code) ? `${code} ${reason.toString()}`.trim() : undefined);
  });
  return {
    ended: () => ended,
    silence() {
      ended = true;
    },
  };
}

/** Why an answer to a handshake refuses the key; undefined when it is about something else. Never rejects. */
async function refusalOf(response: IncomingMessage): Promise<string | undefined> {
  const status = response.statusCode;
  if (status !== 401 && status !== 403) return undefined;
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > MAX_DETAIL) break;
    }
    const { detail }: { detail?: unknown } = JSON.parse(body);
    return typeof detail === 'string' ? detail : `status ${status}`;
  } catch {
    // Something between us and the upstream may have answered.
    return `status ${status}`;
  }
}

/** A dead peer does not answer a close, so it gets a second and no more. */
function hangUp(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
  socket.close(1000);
  const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
