import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture, npm, root, tool } from './run.mjs';
import { step, tail } from './terminal.mjs';

const STAMP = join(root, 'node_modules/.cache/dimmer/installed');
const LOCK = join(root, 'package-lock.json');
const COMPILER = `
The SQLite driver (better-sqlite3) had no ready-made binary for this machine and could not be compiled.
Compiling needs Python 3, make and a C++ compiler.`;

/** Makes a fresh or changed clone ready: installs when needed, builds what is missing or stale. Ends the process if it cannot. */
export async function prepare({ build }) {
  await install();
  const running = step('Building');
  const { ok, output, summary } = await buildPackages(build, running.note);
  if (ok) {
    running.done(summary);
    return;
  }
  running.fail();
  console.error(tail(output, 80));
  process.exit(1);
}

/** Installs when nothing is installed, or when something else than the lock file says. */
export async function install() {
  const wanted = fingerprint();
  if (readIfThere(STAMP) === wanted || installedByHand()) {
    mark(wanted);
    return;
  }
  const fresh = !existsSync(join(root, 'node_modules'));
  const running = step(fresh ? 'Installing packages' : 'Updating packages');
  running.note('(the first time takes a minute or more: the SQLite driver may have to be compiled)');
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await capture(npm(), [fresh ? 'ci' : 'install', ...options]);
  if (code !== 0) {
    running.fail();
    console.error(tail(output));
    if (/gyp|better-sqlite3/.test(output)) console.error(COMPILER);
    console.error(
      '\nThe packages could not be installed; the lines above are what npm said. Then run the same command again.',
    );
    process.exit(1);
  }
  mark(fingerprint());
  running.done();
}

/** Native modules belong to one version of Node's binary interface, so that it is part of what was installed. */
function fingerprint() {
  const lock = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  return `${lock} ${process.platform} ${process.arch} ${process.versions.modules}`;
}

/** True when somebody ran `npm ci` or `npm install` himself and it matches the lock file, which npm notes down. */
function installedByHand() {
  if (existsSync(STAMP)) return false;
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'));
  const locked = packagesOf(LOCK);
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link === true || entry.extraneous === true) return true;
    const there = installed[path];
    return there === undefined ? entry.optional === true || entry.peer === true : there.version === entry.version;
  });
}

function packagesOf(file) {
  const text = readIfThere(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function mark(fingerprintNow) {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, fingerprintNow);
}

/** Builds the named packages and what they need (all, when none is named); what has not changed comes from the cache. */
export async function buildPackages(names, note = () => undefined) {
  const filters = names.map((name) => `--filter=${name}`);
  const log = createBuildLog(note);
  const { code, output } = await capture(tool('turbo'), ['run', 'build', ...filters, '--json'], { onLine: log.take });
  if (code !== 0) return { ok: false, output: log.failure() ?? output };
  const built = log.built();
  const summary = built === 0 ? '(nothing has changed)' : `(${built} ${built === 1 ? 'package' : 'packages'})`;
  return { ok: true, output, summary };
}

/** Reads the builder's log, one JSON object a line: who said what. */
function createBuildLog(note) {
  const said = new Map();
  let built = 0;
  let failed = [];
  return {
    take(line) {
      if (!line.startsWith('{')) return;
      const { source, text } = JSON.parse(line);
      if (text.startsWith('Failed:')) failed = text.slice('Failed:'.length).trim().split(', ');
      if (text.startsWith('cache miss')) {
        built += 1;
        note(`(${source.replace('#build', '')})`);
      }
      said.set(source, [...(said.get(source) ?? []), text]);
    },
    built: () => built,
    failure: () => {
      const lines = failed.flatMap((source) => said.get(source) ?? []).filter((text) => !text.startsWith('npm error'));
      return lines.length === 0 ? undefined : lines.join('\n');
    },
  };
}
