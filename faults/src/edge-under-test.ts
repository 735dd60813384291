import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverMainFile } from '@dimmer/server/testing';
import { until } from './until.ts';

/** Where an edge gets its state from, and where it listens. */
export interface EdgeUnderTestOptions {
  readonly upstream: string;
  /** A server key of the environment to serve. */
  readonly key: string;
  /** A port that is free. */
  readonly port: number;
}

/** An edge in a process of its own, which may be killed. */
export interface EdgeUnderTest {
  readonly url: string;
  kill(): Promise<void>;
  /** Starts it again on the same port and folder; resolves when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `dimmer edge` as built; resolves when it answers. */
export async function startEdge({ upstream, key, port }: EdgeUnderTestOptions): Promise<EdgeUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-edge-'));
  const url = `http://127.0.0.1:${port}`;
  const begin = async (): Promise<ChildProcess> => {
    const args = ['edge', '--upstream', upstream, '--data', folder, '--port', String(port)];
    const env = { ...process.env, DIMMER_EDGE_KEY: key };
    const started = spawn(process.execPath, [serverMainFile(), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const isReady = async (): Promise<boolean> => {
      if (started.exitCode !== null) throw new Error(`The edge ended:\n${output}`);
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200;
    };
    await until(isReady, { ms: 30_000, what: () => `an edge that is ready:\n${output}` });
    return started;
  };
  let child = await begin();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url,
    kill,
    async restart() {
      await kill();
      child = await begin();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
