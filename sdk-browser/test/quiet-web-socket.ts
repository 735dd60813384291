import { WebSocket } from 'ws';

/** As in browsers, where nothing is thrown when nobody listens for errors. */
export class QuietWebSocket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol);
    this.on('error', () => undefined);
  }
}
