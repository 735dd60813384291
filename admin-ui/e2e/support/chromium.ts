import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the browser is unpacked; the version of the package is in the name, so that an upgrade unpacks anew. */
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/dimmer', import.meta.url));
const FOLDER = join(CACHE, 'chromium-147.0.0');

/** A browser that starts on this machine, and what its process needs in its environment. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

let located: Promise<Chromium> | undefined;

/**
 * Finds a Chromium, or unpacks the one that came with the npm packages (about 200 MB, two seconds, once for each
 * clone). `DIMMER_TEST_BROWSER` names another one.
 */
export function locateChromium(): Promise<Chromium> {
  located ??= locate();
  return located;
}

async function locate(): Promise<Chromium> {
  const installed = [
    process.env.DIMMER_TEST_BROWSER,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => path !== undefined && existsSync(path));
  if (installed !== undefined) return { executablePath: installed, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found. Install one, or set DIMMER_TEST_BROWSER to the path of a Chromium or Chrome.');
  }
  return await withMissingLibraries(await unpack());
}

/**
 * Unpacks beside the final place and renames: a process that is stopped half-way, or two that unpack at the same
 * time, cannot leave half a browser behind, which the package itself would take for a whole one.
 */
async function unpack(): Promise<string> {
  if (existsSync(FOLDER)) return FOLDER;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(`${FOLDER}-`);
  const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
  // The package unpacks to the temporary folder, and its shared libraries only where it believes to be on Lambda.
  const env = { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  await run(process.execPath, ['--input-type=module', '-e', script], { env, cwd: import.meta.dirname });
  await nameFontFolder(join(fresh, 'fonts', 'fonts.conf'));
  await rename(fresh, FOLDER).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(FOLDER)) throw error;
  });
  return FOLDER;
}

/** The packed configuration knows only the places of its own platform. */
async function nameFontFolder(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll('/tmp/fonts', join(FOLDER, 'fonts')));
}

/** A small container has neither NSS nor fonts; then, and only then, the packed ones are used. */
async function withMissingLibraries(folder: string): Promise<Chromium> {
  const executablePath = join(folder, 'chromium');
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(folder, 'fonts') };
  const packed = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  for (const env of [fonts, { ...fonts, ...packed }]) {
    // oxlint-disable-next-line no-await-in-loop -- the second is tried only when the first does not start
    if (await starts(executablePath, env)) return { executablePath, env };
  }
  throw new Error(
    `The packed Chromium does not start here. Install one, or set DIMMER_TEST_BROWSER. Try: ${executablePath} --version`,
  );
}

async function starts(executablePath: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    await run(executablePath, ['--version', '--no-sandbox'], { env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  }
}
