import { databaseName, publicUrlOf, type Config, type ConfigFlags } from '../config.ts';
import { readServerVersion } from '../compose/server-version.ts';
import type { Started } from '../compose.ts';
import { describeStop, listeningOn, say } from './announce.ts';
import { describeStart } from './banner.ts';
import { startDemo, type Demo } from './demo.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { readSettings } from './settings.ts';
import { createSignals } from './signals.ts';
import { listenFailure } from './start-failure.ts';

type ServeOptions = ConfigFlags & { readonly demo?: boolean };

/** `dimmer serve`: runs until a signal asks it to stop, then lets its clients go before it ends. */
export async function serve({ demo, ...flags }: ServeOptions, io: CliIo): Promise<number> {
  const config = readSettings(flags, io);
  const signals = createSignals();
  const { createServer } = await import('../compose.ts');
  const server = createServer(config, demo === true ? { demo } : {});
  let started: Started;
  try {
    started = await server.run();
  } catch (error) {
    throw startFailure(error, config);
  }
  const wall = started.demo === undefined ? undefined : await startDemo(started.demo, started, io);
  announce(started, config, wall, io);
  await signals.first;
  say(describeStop(server.leaving()), config, io);
  await wall?.stop();
  await server.drain();
  await server.stop();
  signals.release();
  return EXIT.ok;
}

function announce(started: Started, config: Config, wall: Demo | undefined, io: CliIo): void {
  const block = describeStart({
    version: readServerVersion(),
    publicUrl: publicUrlOf(config, started.port),
    listening: listeningOn(started),
    database: databaseName(config),
    ...(started.setupUrl !== undefined && { setUpUrl: started.setupUrl }),
    ...(wall !== undefined && { lampWallUrl: wall.url }),
  });
  say(block, config, io);
}

/** What people can do something about, in their words; anything else as it is. */
function startFailure(error: unknown, config: Config): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'DatabaseInUse' || error.name === 'CannotOpenDatabase')
    return new CliError(EXIT.cannotStart, error.message);
  const notListening = listenFailure(error, config);
  if (notListening) return notListening;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^(SQLITE_|EACCES|EEXIST|ENOENT|ENOTDIR|EISDIR|EROFS|EPERM|STORAGE_)/.test(code)) {
    return new CliError(
      EXIT.cannotStart,
      `The database ${databaseName(config)} cannot be opened: ${error.message} (${code})${adviceFor(code)}`,
    );
  }
  return error;
}

function adviceFor(code: string): string {
  if (!code.startsWith('SQLITE_CORRUPT')) return '';
  return '. It is damaged, and nothing is served from it: keep the file, see what `dimmer doctor` says, and go back to a copy with `dimmer restore`. SDKs go on with what they hold.';
}
