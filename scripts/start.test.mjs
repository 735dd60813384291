import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const start = (...args) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('start.mjs', import.meta.url)), ...args], { encoding: 'utf8' });

/** Servers on two ports in a row, as Dimmer and its lamp wall have them. */
async function neighbours() {
  const first = createServer().listen(0, '127.0.0.1');
  await once(first, 'listening');
  const second = createServer().listen(first.address().port + 1, '127.0.0.1');
  const free = await Promise.race([
    once(second, 'listening').then(() => true),
    once(second, 'error').then(() => false),
  ]);
  if (free) return [first, second];
  first.close();
  return neighbours();
}

describe('npm start', () => {
  test.each(['--help', '-h'])('%s says which settings it takes, and starts nothing', (help) => {
    const { status, stdout, stderr } = start('--port', '0', help);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('npm start -- --port 8080');
  });

  test('says before anything is built that the port is taken, and which other is free', async () => {
    const [other, wall] = await neighbours();
    const { port } = other.address();
    const { status, stdout, stderr } = start('--port', String(port));
    other.close();
    wall.close();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`Port ${port} is taken`);
    const [, advised] = /npm start -- --port (\d+)/.exec(stderr) ?? [];
    expect(Number(advised)).toBeGreaterThan(port + 1);
  });
});
