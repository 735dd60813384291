import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** What SQLite keeps beside a database: changes not yet in it, and who may read them. */
const BESIDE = ['-wal', '-shm'] as const;

/**
 * Puts `next` in the place of `file`, which nobody uses, and keeps what was there as `kept`. At no moment is there
 * neither the one nor the other under that name, whenever the machine fails.
 */
export function swapFile(next: string, file: string, kept: string): void {
  sync(next);
  if (existsSync(file)) keep(file, kept);
  // Kept by now. Beside another database they would be taken for changes to that one.
  for (const ending of BESIDE) rmSync(`${file}${ending}`, { force: true });
  syncFolder(file);
  renameSync(next, file);
  syncFolder(file);
}

/** A name that is free, for what is replaced at this time. */
export function keptName(file: string, now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `${file}.before-restore-${time}Z`;
  for (let n = 1; ; n += 1) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(free)) return free;
  }
}

/** Sees to it that the file is on the disk, not only on its way there. */
export function sync(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** As `sync`, for the name of a file. Some systems cannot do it for folders, and need not. */
export function syncFolder(file: string): void {
  try {
    sync(dirname(file));
  } catch {
    // The rename is still atomic.
  }
}

function keep(file: string, kept: string): void {
  giveName(file, kept);
  if (existsSync(`${file}-wal`)) giveName(`${file}-wal`, `${kept}-wal`);
}

/** A second name for the same file; where a file system has none, a copy. */
function giveName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    sync(to);
  }
}
