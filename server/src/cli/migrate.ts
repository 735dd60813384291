import { existsSync } from 'node:fs';
import { databaseFile, databaseName } from '../config.ts';
import { isPostgresUrl, parsePostgresUrl } from '../config/database-url.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { readSettings } from './settings.ts';
import { table } from './table.ts';

/** Where from and where to, as database URLs. */
export interface MigrateOptions {
  readonly from: string;
  readonly to: string;
}

/** `dimmer migrate sqlite-to-postgres`: everything, as it is, into an empty database; the source is kept. */
export async function sqliteToPostgres(options: MigrateOptions, io: CliIo): Promise<void> {
  const from = readSettings({ databaseUrl: options.from }, io);
  const to = readSettings({ databaseUrl: options.to }, io);
  const target = parsePostgresUrl(to.databaseUrl);
  if (isPostgresUrl(from.databaseUrl)) throw new CliError(EXIT.usage, '--from names no SQLite file.');
  if (target === undefined) throw new CliError(EXIT.usage, '--to names no PostgreSQL database.');
  const file = databaseFile(from);
  if (!existsSync(file)) throw new CliError(EXIT.usage, `There is no database at ${file}.`);
  const { copySqlite } = await import('../storage/postgres/copy-sqlite.ts');
  const copied = await copySqlite(file, target).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    const isBusy = error instanceof Error && error.name === 'DatabaseInUse';
    throw new CliError(EXIT.cannotStart, isBusy ? `${said} Stop it first.` : said);
  });
  const rows = copied.filter((one) => one.rows > 0).map((one) => [one.table, one.rows.toLocaleString('en-US')]);
  io.out(table(rows));
  io.out(`\nCopied ${databaseName(from)} to ${databaseName(to)}, and compared every row.`);
  io.out('Start servers with DIMMER_DATABASE_URL naming the new one. The old file is as it was.');
}
