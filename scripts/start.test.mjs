import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const start = (...args) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('start.mjs', import.meta.url)), ...args], { encoding: 'utf8' });

describe('npm start', () => {
  test.each(['--help', '-h'])('%s says which settings it takes, and starts nothing', (help) => {
    const { status, stdout, stderr } = start('--port', '0', help);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('npm start -- --port 8080');
  });

  test('says before anything is built that the port is taken, and how to take another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    const { status, stdout, stderr } = start('--port', String(port));
    other.close();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`Port ${port} is taken`);
    expect(stderr).toContain(`npm start -- --port ${port + 1}`);
  });
});
