import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../lib/run.mjs';

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.turbo', '.reports', 'cache', 'data']);

/** Paths of all files that belong to the project, as git sees them; without git, as the folders show them. */
export function sources(extensions) {
  const files = fromGit() ?? fromFolders(root);
  return files.filter(
    (file) => extensions.some((extension) => file.endsWith(extension)) && existsSync(join(root, file)),
  );
}

function fromGit() {
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', args, options).split('\n').filter(Boolean);
  } catch {
    return undefined;
  }
}

function fromFolders(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : fromFolders(path);
    return [relative(root, path).replaceAll('\\', '/')];
  });
}
