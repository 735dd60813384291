import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@dimmer/core/replica';
import { createEdge } from '../compose/edge.ts';
import type { EdgeConfig } from '../compose/edge-config.ts';
import type { HubLimits } from '../hub/limits.ts';
import { createLog } from '../log.ts';
import { freePort } from './free-port.ts';

/** What a test says of its edge. */
export interface TestEdgeOptions extends Partial<Omit<EdgeConfig, 'upstream' | 'key'>> {
  readonly upstream: string;
  readonly key: string;
  readonly hubLimits?: Partial<HubLimits>;
  /** Time of the link to the upstream. */
  readonly clock?: Clock;
  /** Do not wait until it is ready. */
  readonly unready?: boolean;
}

/** A real edge in this process. */
export interface TestEdge {
  readonly url: string;
  /** Lines of its log. */
  readonly log: readonly string[];
  readonly dataFolder: string;
  /** What `/readyz` says. */
  readiness(): Promise<{ readonly status: number; readonly text: string; readonly staleMs: number | undefined }>;
  drain(): Promise<void>;
  /** Ends it; its data stays if its folder was given. */
  stop(): Promise<void>;
}

/** Starts an edge on a free port of the loopback address. */
export async function startTestEdge(options: TestEdgeOptions): Promise<TestEdge> {
  const { hubLimits = {}, unready = false, dataFolder: given, clock, ...config } = options;
  const dataFolder = given ?? (await mkdtemp(join(tmpdir(), 'dimmer-edge-')));
  const log: string[] = [];
  const shared = {
    host: '127.0.0.1',
    trustedProxies: [],
    logLevel: 'info',
    logFormat: 'json',
    keysStaleHours: 24,
  } as const;
  const port = config.port ?? (await freePort());
  const edge = createEdge(
    { ...shared, ...config, port, dataFolder },
    {
      hubLimits,
      ...(clock && { clock }),
      log: createLog({ level: 'info', format: 'json', write: (line) => log.push(line) }),
    },
  );
  await edge.run();
  const url = `http://127.0.0.1:${port}`;
  const readiness: TestEdge['readiness'] = async () => {
    const answer = await fetch(`${url}/readyz`);
    const header = answer.headers.get('dimmer-stale-ms');
    return { status: answer.status, text: await answer.text(), staleMs: header === null ? undefined : Number(header) };
  };
  for (let ready = unready; !ready; ready = (await readiness()).status === 200) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    url,
    log,
    dataFolder,
    readiness,
    drain: () => edge.drain(),
    async stop() {
      await edge.stop();
      if (given === undefined) await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
