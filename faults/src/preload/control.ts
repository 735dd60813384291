import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setClock } from './clock.ts';
import type { Command } from './command.ts';
import { setDiskFull } from './disk.ts';
import { arm } from './failpoints.ts';

/** Listens on a local socket for commands, one a line, and answers each once it is carried out. */
export function openControl(path: string): void {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const command: Command = JSON.parse(line);
      socket.write(`${JSON.stringify(carryOut(command))}\n`);
    });
  });
  server.listen(path);
  server.unref();
}

function carryOut(command: Command): object {
  if (command.kind === 'arm') arm(command.failpoint, command.times);
  if (command.kind === 'clock') setClock(command.offsetMs);
  if (command.kind === 'disk') setDiskFull(command.full);
  if (command.kind !== 'memory') return {};
  globalThis.gc?.();
  return process.memoryUsage();
}
