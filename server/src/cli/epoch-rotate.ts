import { databaseFile, databaseName } from '../config.ts';
import { existsSync } from 'node:fs';
import { isPostgresUrl } from '../config/database-url.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { DatabaseOptions } from './open-database.ts';
import { readSettings } from './settings.ts';

/** `dimmer epoch rotate`: after a database was put back by other means than `dimmer restore`. */
export async function epochRotate(options: DatabaseOptions, io: CliIo): Promise<void> {
  const config = readSettings({ databaseUrl: options.databaseUrl ?? options.database }, io);
  const name = databaseName(config);
  const onPostgres = isPostgresUrl(config.databaseUrl);
  if (!onPostgres && !existsSync(databaseFile(config))) {
    throw new CliError(EXIT.usage, `There is no database at ${databaseFile(config)}.`);
  }
  const { openStorage } = await import('../storage/open-storage.ts');
  const storage = await openStorage(config.databaseUrl).catch((error: unknown) => {
    throw toCliError(error, name);
  });
  try {
    const { rotateEpoch } = await import('../repair/rotate-epoch.ts');
    const { from, to } = await rotateEpoch(storage, { kind: 'epoch-rotated' });
    io.out(`${name} has the epoch ${to}${from === null ? '' : `, before ${from}`}.`);
    io.out(
      onPostgres
        ? 'Running servers notice within a second or two and send every SDK a whole state.'
        : 'Every SDK takes a whole state when the server is started.',
    );
  } finally {
    await storage.close();
  }
}

function toCliError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error;
  const message =
    error.name === 'DatabaseInUse' ? `A server is running on ${name}. Stop it first.` : `${name}: ${error.message}`;
  return new CliError(EXIT.cannotStart, message);
}
