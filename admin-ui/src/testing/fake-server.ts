import type { ChangeView, Environment, LiveMessage, MatrixCell, MatrixRow, Receipts } from '@dimmer/core/api';

import { trusted } from '../lib/trusted.ts';

/** A request as the page sent it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** What a request is answered with: a status and a body, or no answer at all. */
export type Reply = { readonly status: number; readonly body?: unknown } | 'unreachable';

const environments: readonly Environment[] = [
  { id: 'e1', key: 'development', name: 'Development', position: 0, protected: false, version: 1 },
  { id: 'e2', key: 'production', name: 'Production', position: 1, protected: true, version: 1 },
];

export const off: MatrixCell = { enabled: false, percent: 100, audience: [], rules: 0 };

export function flagRow(key: string, cells: Readonly<Record<string, MatrixCell>> = {}): MatrixRow {
  const all = { development: off, production: off, ...cells };
  return {
    key,
    name: key,
    description: '',
    type: 'boolean',
    kind: 'release',
    tags: [],
    owner: null,
    cells: all,
    lastChange: null,
  };
}

/** Stands in for the server where a test needs answers that a real one gives only on a bad day. */
export interface FakeServer {
  readonly sent: Sent[];
  readonly sockets: FakeSocket[];
  /** Decides writes; what it leaves open is answered as done. */
  onWrite: (sent: Sent) => Reply | Promise<Reply> | undefined;
  /** Tells the feed. */
  say(message: LiveMessage): void;
  /** Tells the feed of a change to one row. */
  sayChange(id: string, row: MatrixRow, actor?: ChangeView['actor']): void;
}

export interface FakeSocket extends EventTarget {
  readonly url: string;
  close(): void;
}

const maria = { kind: 'user', id: 'u1', name: 'maria@example.com' } as const;
export const chen = { kind: 'user', id: 'u2', name: 'chen@example.com' } as const;

export const noReceipts: Receipts = {
  state: 'live',
  instances: 0,
  applied: 0,
  gone: 0,
  unaffected: 0,
  polling: 0,
  complete: true,
  p50Ms: null,
  p99Ms: null,
  late: [],
};

export function createFakeServer(rows: readonly MatrixRow[]): FakeServer {
  const server: FakeServer = {
    sent: [],
    sockets: [],
    onWrite: () => undefined,
    say(message) {
      server.sockets.at(-1)?.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
    },
    sayChange(id, row, actor = maria) {
      const change = {
        id,
        at: new Date(0).toISOString(),
        actor,
        comment: null,
        versions: { production: 2 },
        effects: [],
      };
      server.say({ type: 'change', change, rows: [row], removed: [] });
    },
  };
  globalThis.fetch = (input, init) =>
    answer(server, rows, input instanceof Request ? input.url : input.toString(), init);
  globalThis.WebSocket = trusted<typeof WebSocket>(
    class extends EventTarget {
      readonly url: string;
      constructor(url: string) {
        super();
        this.url = url;
        server.sockets.push(this);
      }
      close(): void {}
    },
  );
  return server;
}

async function answer(
  server: FakeServer,
  rows: readonly MatrixRow[],
  url: string,
  init: RequestInit | undefined,
): Promise<Response> {
  const path = url.replace('/api/v1', '');
  const method = init?.method ?? 'GET';
  if (method === 'GET') return json(200, read(path, rows));
  const sent: Sent = { method, path, body: JSON.parse(typeof init?.body === 'string' ? init.body : '{}') };
  server.sent.push(sent);
  const reply = (await server.onWrite(sent)) ?? { status: 200, body: { changeId: 'c1', versions: { production: 2 } } };
  if (reply === 'unreachable') throw new TypeError('Failed to fetch');
  return json(reply.status, reply.body);
}

function read(path: string, rows: readonly MatrixRow[]): unknown {
  if (path === '/session') return { user: { id: 'u1', email: 'maria@example.com', role: 'owner' }, expiresAt: '' };
  if (path === '/projects') return { items: [{ key: 'default', name: 'Default', createdAt: '' }] };
  if (path.endsWith('/environments')) return { items: environments };
  if (path.includes('/flags?view=matrix')) return { items: rows };
  return { items: [] };
}

function json(status: number, body: unknown): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status });
}

/** A refusal as the server words it. */
export function refusal(status: number, code: string, errors?: readonly { path: string; message: string }[]): Reply {
  return { status, body: { type: 'about:blank', title: code, status, code, detail: '', requestId: 'r-1', errors } };
}
