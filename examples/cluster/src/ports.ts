import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;

/** `count` ports of the loopback address, counted from `first`; 0: any. Refused when somebody uses one of them. */
export async function choosePorts(first: number, count: number): Promise<number[]> {
  // All are held at once, so that no two are the same.
  const probes = Array.from({ length: count }, (_, n) =>
    createServer().listen(first === 0 ? 0 : first + n, '127.0.0.1'),
  );
  const settled = await Promise.allSettled(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map(portOf);
  for (const probe of probes) probe.close();
  const taken = settled.findIndex(({ status }) => status === 'rejected');
  // A server that somebody else runs there would answer, and be taken for ours.
  if (taken >= 0) throw new Error(`Port ${first + taken} is in use. Choose others: --port ${first + 100}`);
  return ports;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** True once somebody accepts connections there; false when that is not to be expected any more. */
export async function untilListening(port: number, isOver: () => boolean): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isOver() && performance.now() < deadline) {
    if (await answers(port)) return true;
    await pause(20);
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
