import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { databasePath, openForReading, type DatabaseOptions } from './open-database.ts';

/** Options of `dimmer backup`. */
export interface BackupOptions extends DatabaseOptions {
  readonly keep?: number;
}

/**
 * `dimmer backup FILE`: a consistent copy, taken while the server may be running. It appears under its name only
 * when it is complete and was examined, so that a copy that was interrupted, or is damaged, is never taken for one.
 */
export async function backup(place: string, options: BackupOptions, io: CliIo): Promise<number> {
  const file = databasePath(options, io);
  const target = targetIn(place, options);
  const storage = await openForReading(file, { anyTables: true });
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    await storage.backup(part);
    const problems = await examineCopy(part);
    if (problems.length > 0) return keepUnsound(part, target, problems, io);
    renameSync(part, target);
  } catch (error) {
    throw new CliError(EXIT.failed, `${file} cannot be copied to ${target}: ${describe(error)}`);
  } finally {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${ending}`, { force: true });
    await storage.close();
  }
  const { syncFolder } = await import('../repair/swap-file.ts');
  syncFolder(target);
  io.out(`Copied ${file} to ${target} (${statSync(target).size.toLocaleString('en-US')} bytes).`);
  if (options.keep !== undefined) prune(place, options.keep, io);
  return EXIT.ok;
}

function targetIn(place: string, { keep }: BackupOptions): string {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return join(place, nameNow(place));
  if (keep !== undefined) throw new CliError(EXIT.usage, `--keep needs a folder that is there; ${place} is none.`);
  if (found !== undefined) throw new CliError(EXIT.usage, `${place} exists already; a back-up never overwrites.`);
  return place;
}

/** Names sort as their times do. */
const NAME = /^dimmer-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.db$/;

function nameNow(folder: string): string {
  for (let now = Date.now(); ; now += 1) {
    const name = `dimmer-${new Date(now).toISOString().replaceAll(':', '-')}.db`;
    if (!existsSync(join(folder, name))) return name;
  }
}

/**
 * Makes one file of it, which can be read where nothing can be written, and says what the doctor finds wrong with it. Of
 * the tables of another release that is only what any SQLite file shows.
 */
async function examineCopy(part: string): Promise<readonly string[]> {
  const { settleFile, tablesAgeOf } = await import('../repair/settle-file.ts');
  try {
    settleFile(part);
    const isKnown = tablesAgeOf(part) === 'same';
    const storage = await openForReading(part, { anyTables: true });
    try {
      if (!isKnown) return await storage.check();
      const { examine } = await import('../ruleset/doctor.ts');
      return (await examine(storage)).flatMap(({ problems }) => problems);
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [describe(error)];
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT');
}

/** Better than nothing, but not to be relied on: it must not replace one that is. */
function keepUnsound(part: string, target: string, problems: readonly string[], io: CliIo): number {
  const unsound = `${target}.unsound`;
  renameSync(part, unsound);
  const lines = [
    `The copy is not sound, because the database is not, and is kept as ${unsound}:`,
    ...problems,
    '`dimmer doctor` says what to do. No older copy was removed.',
  ];
  io.err(lines.join('\n'));
  return EXIT.failed;
}

/** Only what this command has named, and only after a new one is there. */
function prune(folder: string, keep: number, io: CliIo): void {
  const copies = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted();
  const surplus = copies.slice(0, Math.max(0, copies.length - keep));
  for (const name of surplus) rmSync(join(folder, name));
  if (surplus.length > 0) io.out(`Removed ${surplus.length} older, kept ${copies.length - surplus.length}.`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
