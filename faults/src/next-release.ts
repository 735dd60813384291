import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serverMainFile } from '@dimmer/server/testing';

/** A copy of the built server. */
export interface Release {
  /** Its `dimmer` command. */
  readonly main: string;
  remove(): Promise<void>;
}

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly when: number }[];
}

/** Copies the built server and gives it one more migration, as the release after this one would have it. */
export async function createNextRelease(statements: readonly string[]): Promise<Release> {
  const server = join(dirname(serverMainFile()), '..');
  // Below the server, so that the packages it needs are found from there.
  const cache = join(server, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'next-release-'));
  await cp(join(server, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(server, 'drizzle'), join(folder, 'drizzle'), { recursive: true });
  await cp(join(server, 'package.json'), join(folder, 'package.json'));
  const journalFile = join(folder, 'drizzle/sqlite/meta/_journal.json');
  const journal: Journal = JSON.parse(await readFile(journalFile, 'utf8'));
  const last = Math.max(...journal.entries.map(({ when }) => when));
  const entry = { idx: journal.entries.length, version: '6', when: last + 1, tag: '9999_next', breakpoints: true };
  await writeFile(journalFile, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  await writeFile(join(folder, 'drizzle/sqlite/9999_next.sql'), statements.join('\n--> statement-breakpoint\n'));
  return { main: join(folder, 'dist/main.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
