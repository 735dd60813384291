import { existsSync, statSync } from 'node:fs';
import type { Finding } from '../ruleset/doctor.ts';

/** What stands beside a database and holds some of it. */
const ENDINGS = ['', '-wal', '-shm', '.lock', '.demo-keys'] as const;

const GROUP_MAY_WRITE = 0o020;
const OTHERS = 0o007;

/** Hashes of passwords and e-mail addresses are in there: nobody but the owner, and a group that may read, is to see it. */
export function checkRights(file: string, platform: string = process.platform): Finding {
  const files = ENDINGS.map((ending) => `${file}${ending}`).filter((path) => existsSync(path));
  const problems = platform === 'win32' ? [] : files.flatMap((path) => wrongRights(path));
  return { check: 'rights', scope: `${files.length} files`, problems };
}

function wrongRights(path: string): string[] {
  const mode = statSync(path).mode & 0o777;
  if ((mode & (GROUP_MAY_WRITE | OTHERS)) === 0) return [];
  return [`${path}: others on this machine may use it (${mode.toString(8)})`];
}
