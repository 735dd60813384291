import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Balancer, BalancerOptions } from './balancer.ts';
import { untilListening } from './ports.ts';

/** The file to read and to copy. From the source and from `dist` it is the same one. */
const CONF = fileURLToPath(new URL('../nginx.conf', import.meta.url));

/** How it was built: `nginx -V`; undefined when there is none on the path. */
export async function findNginx(): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('nginx', ['-V'])).stderr;
  } catch {
    return undefined;
  }
}

/** Starts nginx with `nginx.conf` and the addresses given, as whoever runs this. */
export async function startNginx(built: string, options: BalancerOptions): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-nginx-'));
  // Started by root, it reads and writes there as somebody else.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'dimmer.conf'), withAddresses(await readFile(CONF, 'utf8'), options));
  await writeFile(join(folder, 'main.conf'), mainConf(folder, built));
  let output = '';
  // In a group of its own: Ctrl-C reaches us alone, and we say what ends when.
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'main.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000)));
  const ended = once(child, 'exit');
  const killNow = (): void => void child.kill();
  process.on('exit', killNow);
  const stop = async (): Promise<void> => {
    killNow();
    await ended;
    process.off('exit', killNow);
    await rm(folder, { recursive: true, force: true });
  };
  if (!(await untilListening(options.port, () => child.exitCode !== null))) {
    await stop();
    throw new Error(`nginx did not start:\n${output}`);
  }
  const version = /nginx\/[\d.]+/.exec(built)?.[0].replace('/', ' ') ?? 'nginx';
  return { name: version, port: options.port, output: () => output, stop };
}

/** The committed file with other ports than 8420 for itself, and 8421 and 8422 for the servers. */
export function withAddresses(conf: string, { port, servers }: BalancerOptions): string {
  const group = /^( *)server 127\.0\.0\.1:8421 (.*)\n.*127\.0\.0\.1:8422 .*$/gm;
  return conf
    .replace(group, (_, indent: string, rest: string) =>
      servers.map((one) => `${indent}server 127.0.0.1:${one} ${rest}`).join('\n'),
    )
    .replace('listen 127.0.0.1:8420;', `listen 127.0.0.1:${port};`);
}

/** What a packaged nginx has already: it keeps this one away from the files of that. */
function mainConf(folder: string, built: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .filter((name) => !built.includes(`--without-http_${name}_module`))
    .map((name) => `  ${name}_temp_path ${folder}/${name};`);
  return `daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
${temporary.join('\n')}
  include ${folder}/dimmer.conf;
}
`;
}
