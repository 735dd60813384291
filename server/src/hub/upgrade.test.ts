import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer } from '../testing/start-test-server.ts';
import type { TestServer } from '../testing/start-test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it.each(['//', '//[', 'http://', '/nowhere'])(
  'an upgrade of "%s" is refused, and the server goes on',
  async (target) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `GET ${target} HTTP/1.1\r\nHost: host\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 404 /);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  },
);
