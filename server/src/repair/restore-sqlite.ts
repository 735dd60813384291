import {
  chmodSync,
  chownSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { examine } from '../ruleset/doctor.ts';
import { CannotOpenDatabase } from '../storage/cannot-open-database.ts';
import { createPrivately, makeWritable } from '../storage/sqlite/database-file.ts';
import { lockDatabase } from '../storage/sqlite/lock.ts';
import type { TablesAge } from '../storage/sqlite/migrate.ts';
import { openSqlite } from '../storage/sqlite/open-sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { rotateEpoch } from './rotate-epoch.ts';
import { settleFile, tablesAgeOf } from './settle-file.ts';
import { keptName, swapFile } from './swap-file.ts';

/** What was restored. */
export interface Restored {
  /** Where the database that was replaced is now; undefined when there was none. */
  readonly kept: string | undefined;
  /** The new epoch. */
  readonly epoch: string;
  readonly environments: readonly { readonly key: string; readonly version: number }[];
  /** What the doctor finds wrong with it; empty unless that was accepted. */
  readonly problems: readonly string[];
}

/** How. */
export interface RestoreOptions {
  /** Restore also what the doctor finds something wrong with, if the file itself is sound. */
  readonly force?: boolean;
  readonly now?: () => number;
}

/** Thrown when the copy is not sound; nothing was changed. */
class UnsoundCopy extends Error {
  override readonly name = 'UnsoundCopy';
  readonly problems: readonly string[];
  /** Whether it may be restored all the same. */
  readonly mayForce: boolean;

  constructor(problems: readonly string[], mayForce: boolean) {
    super(`The copy is not sound:\n${problems.join('\n')}`);
    this.problems = problems;
    this.mayForce = mayForce;
  }
}

/**
 * Puts a copy in the place of an SQLite database that no server uses. The copy is worked on beside it, and takes its
 * place only once it is known to be sound, up to date, and of an epoch of its own; until then nothing is changed.
 * @throws {DatabaseInUse} while a server uses the database.
 * @throws {CannotOpenDatabase} when `copy` is no database of Dimmer, or a newer one.
 * @throws {UnsoundCopy} when it is damaged.
 */
export async function restoreSqlite(copy: string, file: string, options: RestoreOptions = {}): Promise<Restored> {
  const { force = false, now = Date.now } = options;
  refuseItself(copy, file);
  // A folder is made here; where a database is to be, none is made: there may be nothing to keep.
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unlock = lockDatabase(file);
  const next = `${file}.restoring`;
  try {
    removeWithBeside(next);
    await bringBeside(copy, next);
    const judged = await prepare(next, { force, now, copy });
    settleFile(next);
    const kept = existsSync(file) ? keptName(file, now()) : undefined;
    if (kept !== undefined) makeReady(file, next);
    swapFile(next, file, kept ?? file);
    return { kept, ...judged };
  } finally {
    removeWithBeside(next);
    unlock();
  }
}

function refuseItself(copy: string, file: string): void {
  if (!existsSync(copy)) throw new CannotOpenDatabase(`There is no file ${copy}.`);
  if (statSync(copy).isDirectory()) throw new CannotOpenDatabase(`${copy} is a folder, not a file.`);
  if (existsSync(file) && realpathSync(copy) === realpathSync(file)) {
    throw new CannotOpenDatabase(`${copy} is the database itself; name the copy to go back to.`);
  }
}

/** As it is, unless something is beside it that belongs to it: that is read by whoever knows how. */
async function bringBeside(copy: string, next: string): Promise<void> {
  createPrivately(next);
  if (!existsSync(`${copy}-wal`)) {
    // Its bytes and not its rights: those of a copy may let everybody read it, or nobody write it.
    await pipeline(createReadStream(copy), createWriteStream(next, { flags: 'r+' }));
    return;
  }
  const source = await openSqlite({ file: copy, as: 'reader', anyTables: true });
  try {
    await source.backup(next);
  } finally {
    await source.close();
  }
}

/** Everything that is done to the copy before it counts. */
async function prepare(
  next: string,
  { force, now, copy }: { readonly force: boolean; readonly now: () => number; readonly copy: string },
): Promise<Omit<Restored, 'kept'>> {
  requireDimmer(next, copy);
  makeWritable(next);
  // Opened as a server does: that brings the tables of an older release up to date.
  const storage = await openSqlite({ file: next });
  try {
    const problems = await judge(storage, force);
    const { to: epoch } = await rotateEpoch(storage, { kind: 'restored', detail: { copy: basename(copy) } }, now);
    const environments = (await storage.serving.environments()).map(({ key, version }) => ({ key, version }));
    return { epoch, environments, problems };
  } finally {
    await storage.close();
  }
}

/** Before anything is written to it: an empty file, too, could be made into a database. */
function requireDimmer(next: string, copy: string): void {
  const age = readAge(next, copy);
  if (age === 'none') throw new CannotOpenDatabase(`${copy} is no Dimmer database.`);
  if (age === 'newer') {
    throw new CannotOpenDatabase(`${copy} was written by a newer Dimmer than this one. Restore it with that one.`);
  }
}

function readAge(next: string, copy: string): TablesAge {
  try {
    return tablesAgeOf(next);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'SQLITE_NOTADB') throw new CannotOpenDatabase(`${copy} is no database.`);
    if (code?.startsWith('SQLITE_CORRUPT') === true) throw new UnsoundCopy([describe(error)], false);
    throw error;
  }
}

async function judge(storage: Storage, force: boolean): Promise<readonly string[]> {
  const findings = await examine(storage);
  const problems = findings.flatMap((finding) => finding.problems);
  const isDamaged = findings.some((finding) => finding.check === 'file' && finding.problems.length > 0);
  if (problems.length > 0 && (isDamaged || !force)) throw new UnsoundCopy(problems, !isDamaged);
  return problems;
}

/** What is kept should be one file, and the new one belong to whom the old one did; a damaged one is kept as it is. */
function makeReady(file: string, next: string): void {
  const { mode, uid, gid } = statSync(file);
  try {
    settleFile(file);
  } catch {
    // It is restored because of that.
  }
  chmodSync(next, mode & 0o777);
  if (process.getuid?.() === 0) chownSync(next, uid, gid);
}

function removeWithBeside(file: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal', '.lock']) rmSync(`${file}${ending}`, { force: true });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
