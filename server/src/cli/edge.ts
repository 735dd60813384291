import type { EdgeStarted } from '../compose/edge.ts';
import type { EdgeConfig } from '../compose/edge-config.ts';
import { readServerVersion } from '../compose/server-version.ts';
import { describeStop, listeningOn, say } from './announce.ts';
import { describeEdgeStart } from './banner.ts';
import { readEdgeSettings, type EdgeFlags } from './edge-settings.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { createSignals } from './signals.ts';
import { listenFailure } from './start-failure.ts';

/** `dimmer edge`: runs until a signal asks it to stop, then lets its clients go before it ends. */
export async function edge(flags: EdgeFlags, io: CliIo): Promise<number> {
  const config = readEdgeSettings(flags, io);
  const signals = createSignals();
  const { createEdge } = await import('../compose/edge.ts');
  const server = createEdge(config);
  let started: EdgeStarted;
  try {
    started = await server.run();
  } catch (error) {
    throw listenFailure(error, config) ?? error;
  }
  say(describeEdgeStart(bannerOf(started, config)), config, io);
  await signals.first;
  say(describeStop(server.leaving()), config, io);
  await server.drain();
  await server.stop();
  signals.release();
  return EXIT.ok;
}

function bannerOf(started: EdgeStarted, config: EdgeConfig): Parameters<typeof describeEdgeStart>[0] {
  const { kept } = started;
  const age = kept && Math.round(kept.ageMs / 1000);
  return {
    version: readServerVersion(),
    upstream: config.upstream,
    serving: kept ? `version ${kept.version}, as of ${age} s ago` : 'nothing until the upstream answers',
    data: config.dataFolder,
    listening: listeningOn(started),
  };
}
