import { databaseName, publicUrlOf, type Config, type ConfigFlags } from '../config.ts';
import type { DimmerServer, Started } from '../compose.ts';
import { describeStart } from './banner.ts';
import { startDemo, type Demo } from './demo.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { readSettings } from './settings.ts';
import { createSignals } from './signals.ts';
import { readVersion } from './version.ts';

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
    version: readVersion(),
    publicUrl: publicUrlOf(config, started.port),
    listening: `${started.host.includes(':') ? `[${started.host}]` : started.host}:${started.port}`,
    database: databaseName(config),
    ...(started.setupUrl !== undefined && { setUpUrl: started.setupUrl }),
    ...(wall !== undefined && { lampWallUrl: wall.url }),
  });
  say(block, config, io);
}

/** Whoever reads JSON lines from the standard output must be able to parse all of them. */
function say(text: string, config: Config, io: CliIo): void {
  if (config.logFormat === 'json') io.err(text);
  else io.out(text);
}

/** Said at once, because nothing else is for as long as clients take to go. */
function describeStop({ connections, atMostMs }: ReturnType<DimmerServer['leaving']>): string {
  if (connections === 0) return 'Stopping.';
  const what = connections === 1 ? 'connection' : 'connections';
  const seconds = Math.ceil(atMostMs / 1000);
  return `Closing ${connections} ${what}, at most ${seconds} s; press Ctrl-C again to stop now.`;
}

/** What people can do something about, in their words; anything else as it is. */
function startFailure(error: unknown, config: Config): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const address = `${config.host}:${config.port}`;
  if (error.name === 'DatabaseInUse' || error.name === 'CannotOpenDatabase')
    return new CliError(EXIT.cannotStart, error.message);
  if (code === 'EADDRINUSE') {
    return new CliError(
      EXIT.cannotStart,
      `${addressOf(error) ?? address} is in use by another program. Choose another port with --port or DIMMER_PORT.`,
    );
  }
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return new CliError(
      EXIT.cannotStart,
      `This user may not listen on ${address}. Ports below 1024 usually need rights.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CliError(EXIT.cannotStart, `${config.host} is no address of this machine (--host or DIMMER_HOST).`);
  }
  if (typeof code === 'string' && /^(SQLITE_|EACCES|EEXIST|ENOENT|ENOTDIR|EISDIR|EROFS|EPERM|STORAGE_)/.test(code)) {
    return new CliError(
      EXIT.cannotStart,
      `The database ${databaseName(config)} cannot be opened: ${error.message} (${code})`,
    );
  }
  return error;
}

/** Which of our ports it was, for there may be two. */
function addressOf(error: Error): string | undefined {
  return 'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : undefined;
}
