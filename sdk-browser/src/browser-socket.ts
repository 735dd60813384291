import { REFUSED, SUBPROTOCOL } from '@dimmer/core/protocol';
import type { OpenSocket } from '@dimmer/core/replica';

/** Opens connections to the server at `base`, an absolute address without a slash at its end, with the browser's WebSocket. */
export function browserSockets(base: string): OpenSocket {
  return (listener) => {
    const ws = new WebSocket(`${base.replace('http', 'ws')}/client/v1/stream`, SUBPROTOCOL);
    ws.onopen = listener.opened;
    // There are no binary messages; their text is malformed just as well.
    ws.onmessage = ({ data }) => listener.frame(`${data}`);
    ws.onclose = ({ code }) => listener.closed(REFUSED.includes(code));
    return {
      send: (text) => ws.readyState === 1 && ws.send(text),
      close() {
        ws.onopen = ws.onmessage = ws.onclose = null;
        ws.close();
      },
    };
  };
}
