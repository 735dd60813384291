import { databaseFile } from '../config.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { DatabaseOptions } from './open-database.ts';
import { readSettings } from './settings.ts';

/** Options of `dimmer restore`. */
export interface RestoreCommandOptions extends DatabaseOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `dimmer restore FILE`: puts a copy in the place of the database, keeps what was there, and gives it a new epoch. */
export async function restore(copy: string, options: RestoreCommandOptions, io: CliIo): Promise<void> {
  const config = readSettings({ databaseUrl: options.databaseUrl ?? options.database }, io);
  if (isPostgresUrl(config.databaseUrl)) throw new CliError(EXIT.usage, POSTGRES);
  const file = databaseFile(config);
  if (file === ':memory:') throw new CliError(EXIT.usage, 'A database in memory ends with its process.');
  const { restoreSqlite } = await import('../repair/restore-sqlite.ts');
  const restored = await restoreSqlite(copy, file, { force: options.force === true }).catch((error: unknown) => {
    throw toCliError(error, file);
  });
  if (options.json === true) return io.out(JSON.stringify({ database: file, ...restored }, null, 2));
  const versions = restored.environments.map(({ key, version }) => `${key} ${version}`).join(', ');
  io.out(`Restored ${file} from ${copy}. Versions: ${versions || 'none'}.`);
  if (restored.kept !== undefined) io.out(`What was there before is kept as ${restored.kept}`);
  io.out('SDKs take the restored state when the server is started, whatever versions they hold.');
  if (restored.problems.length > 0) io.err(['Restored all the same:', ...restored.problems].join('\n'));
}

const POSTGRES = `PostgreSQL is restored with its own tools. With the servers stopped:
  pg_restore --clean --if-exists --single-transaction --dbname "$DIMMER_DATABASE_URL" copy.dump
  dimmer epoch rotate --database-url "$DIMMER_DATABASE_URL"
Without the second, SDKs that hold versions the copy does not know are told apart by digest alone.`;

function toCliError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'DatabaseInUse') {
    return new CliError(EXIT.cannotStart, `A server is running on ${file}. Stop it, restore, and start it again.`);
  }
  if (error.name === 'UnsoundCopy') {
    const force = 'mayForce' in error && error.mayForce === true ? ' --force restores it all the same.' : '';
    return new CliError(EXIT.failed, `${error.message}\nNothing was changed.${force}`);
  }
  if (error.name === 'CannotOpenDatabase' || 'code' in error) {
    return new CliError(EXIT.failed, `${error.message}\nNothing was changed.`);
  }
  return error;
}
