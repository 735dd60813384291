import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Sees to it that `file` is there and can be written, readable by its owner only where this makes it; an error says
 * what stands in the way. SQLite gives what it puts beside the file the same rights.
 */
export function makeWritable(file: string): void {
  const folder = dirname(file);
  makeFolder(folder);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw failure('EISDIR', 'it is a folder, not a file');
  check(
    folder,
    constants.W_OK | constants.X_OK,
    `the folder ${folder} must be writable, for SQLite puts files beside it`,
  );
  createPrivately(file);
  check(file, constants.R_OK | constants.W_OK, 'this user may not read and write it');
}

/** Makes an empty file that only its owner can read; one that is there stays as it is. */
export function createPrivately(file: string): void {
  try {
    // Exclusively: to open one that is there, and close it again, would end the locks this process has on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Step by step from what is there: Node's own way of making several never ends where none can be made, as in /proc. */
function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw failure('ENOTDIR', `${folder} is a file, not a folder`);
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error) ?? 'EIO';
    if (code !== 'EEXIST') throw failure(code, `the folder ${folder} cannot be made`);
  }
}

function check(path: string, mode: number, message: string): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw failure(codeOf(error) ?? 'EACCES', message);
  }
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
