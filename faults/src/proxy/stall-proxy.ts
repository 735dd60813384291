import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { FrameEditor } from './frame-editor.ts';
import type { FrameEdit, PendingEdit } from './frame-editor.ts';
import { Pipe } from './pipe.ts';
import type { Flow } from './pipe.ts';

/** From the server to its clients, or from them to it. */
export type Direction = 'down' | 'up';

/** A port of this machine. */
export type Target = number;

/** A TCP proxy on the loopback address that can behave as badly as a network does. */
export interface StallProxy {
  readonly url: string;
  /** Connections through it at present. */
  count(): number;
  /** Makes all connections, new ones too, behave like this in the directions given; `{}`: as they should. */
  flow(flow: Flow, directions?: readonly Direction[]): void;
  /** Behaves well again, and cuts what a black hole has left without its middle. */
  heal(): void;
  /** Sends FIN in one direction of all connections. */
  halfClose(direction: Direction): void;
  /** Cuts all connections that there are. */
  cut(): void;
  /** New connections go there. With several ports, to each in turn. */
  retarget(...targets: readonly Target[]): void;
  /** Edits the next frame that fits, on whichever connection it comes; resolves when it has. */
  edit(edit: FrameEdit): Promise<void>;
  /** Gives up the edits that have found no frame; a frame held back for a swap is lost. */
  forgetEdits(): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly pipes: Readonly<Record<Direction, Pipe>>;
  /** Bytes of it have been lost. */
  broken: boolean;
}

/** Starts a proxy in front of some ports, in this process. */
export async function startStallProxy(...first: readonly Target[]): Promise<StallProxy> {
  const links = new Set<Link>();
  const edits: PendingEdit[] = [];
  const flows: Record<Direction, Flow> = { down: {}, up: {} };
  let targets = first;
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const port = targets[turn++ % targets.length] ?? 0;
    const link = openLink(client, port, flows, new FrameEditor(edits));
    links.add(link);
    client.once('close', () => links.delete(link));
  });
  const port = await listen(server);
  const update = (): void => {
    for (const link of links) {
      if (flows.down.blackHole || flows.up.blackHole) link.broken = true;
      for (const pipe of Object.values(link.pipes)) pipe.update();
    }
  };
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => links.size,
    flow(flow, directions = ['down', 'up']) {
      for (const direction of directions) flows[direction] = flow;
      update();
    },
    heal() {
      flows.down = {};
      flows.up = {};
      for (const link of links) if (link.broken || link.client.destroyed || link.upstream.destroyed) cutLink(link);
      update();
    },
    halfClose(direction) {
      for (const { pipes } of links) pipes[direction].end();
    },
    cut() {
      for (const link of links) cutLink(link);
    },
    retarget(...next) {
      targets = next;
    },
    edit: (edit) =>
      new Promise((done) => {
        edits.push({ edit, done, left: edit.skip ?? 0 });
      }),
    forgetEdits: () => void edits.splice(0),
    async close() {
      for (const link of links) cutLink(link);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openLink(client: Socket, port: number, flows: Record<Direction, Flow>, editor: FrameEditor): Link {
  const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  for (const socket of [client, upstream]) socket.setNoDelay(true);
  const link: Link = {
    client,
    upstream,
    pipes: {
      up: new Pipe(client, upstream, () => flows.up),
      down: new Pipe(
        upstream,
        client,
        () => flows.down,
        (chunk) => editor.edit(chunk),
      ),
    },
    broken: flows.up.blackHole === true || flows.down.blackHole === true,
  };
  join(client, upstream, () => flows.up);
  join(upstream, client, () => flows.down);
  return link;
}

/** When one side is gone the other goes too, unless the link between them is what is gone. */
function join(socket: Socket, other: Socket, flow: () => Flow): void {
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (!flow().blackHole && !flow().paused) other.destroySoon();
  });
}

function cutLink({ client, upstream, pipes }: Link): void {
  for (const pipe of Object.values(pipes)) pipe.destroy();
  client.destroy();
  upstream.destroy();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
