import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './page-runner.ts';
import { freePort } from './started-postgres.ts';

/** The machines of the walk-through, all of them this one: other ports take the place of other addresses. */
export interface Machines {
  /** A block with the addresses and folders that it has here. */
  fillIn(text: string): string;
  /** What nginx and the servers have said. */
  output(): string;
  stop(): void;
}

/** Puts `ssh` and `nginx` into the folder's programs, and starts nginx as the system would have. */
export async function startMachines(folder: string, withNginx: boolean): Promise<Machines> {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const [proxy = 0, first = 0, second = 0, firstMetrics = 0, secondMetrics = 0] = ports;
  const program = (name: string, text: string): void =>
    writeFileSync(join(folder, '.bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const machine = (name: string, port: number, metrics: number): string =>
    `${name}) export DIMMER_PORT=${port} DIMMER_METRICS_PORT=${metrics};;`;
  program('ssh', SSH(folder, [machine('flags-1', first, firstMetrics), machine('flags-2', second, secondMetrics)]));
  const conf = readFileSync(join(ROOT, 'examples/cluster/nginx.conf'), 'utf8');
  writeFileSync(
    join(folder, 'examples/cluster/nginx.conf'),
    conf.replace('listen 127.0.0.1:8420;', `listen 127.0.0.1:${proxy};`),
  );
  let nginx: ChildProcess | undefined;
  let said = '';
  if (withNginx) {
    nginx = startNginx(folder, program);
    nginx.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  return {
    fillIn: (text) =>
      text
        .replaceAll('10.0.0.11:8420', `127.0.0.1:${first}`)
        .replaceAll('10.0.0.12:8420', `127.0.0.1:${second}`)
        .replaceAll('10.0.0.11:9464', `127.0.0.1:${firstMetrics}`)
        .replaceAll('10.0.0.12:9464', `127.0.0.1:${secondMetrics}`)
        .replaceAll('http://127.0.0.1:8420', `http://127.0.0.1:${proxy}`)
        .replaceAll('10.0.0.10', '127.0.0.1')
        .replaceAll('0.0.0.0', '127.0.0.1')
        .replaceAll('/etc/dimmer', join(folder, 'etc-dimmer'))
        .replaceAll('/etc/nginx', join(folder, 'etc-nginx')),
    output: () => `${said}${logsIn(folder)}`,
    stop() {
      nginx?.kill();
      for (const name of readdirSync(folder).filter((one) => one.endsWith('.pid'))) {
        try {
          process.kill(Number(readFileSync(join(folder, name), 'utf8')), 'SIGKILL');
        } catch {
          // It has been stopped.
        }
      }
    },
  };
}

/** What `systemctl start` and `stop` do on a machine, for the process of its server. */
function SSH(folder: string, machines: readonly string[]): string {
  const pid = `"${folder}/$1.pid"`;
  return `case "$1" in
${machines.join('\n')}
esac
ports="DIMMER_PORT=$DIMMER_PORT DIMMER_METRICS_PORT=$DIMMER_METRICS_PORT"
set -a; . "${folder}/etc-dimmer/secrets"; set +a
export $ports
case "$4" in
start)
  "${process.execPath}" "${join(ROOT, 'server/bin/dimmer.js')}" serve >> "${folder}/$1.log" 2>&1 &
  echo $! > ${pid};;
stop)
  kill -TERM "$(cat ${pid})"
  while kill -0 "$(cat ${pid})" 2> /dev/null; do sleep 0.1; done;;
esac`;
}

function startNginx(folder: string, program: (name: string, text: string) => void): ChildProcess {
  chmodSync(folder, 0o755);
  const place = join(folder, 'etc-nginx');
  mkdirSync(join(place, 'conf.d'), { recursive: true });
  const main = join(place, 'nginx.conf');
  const temporary = ['client_body', 'proxy'].map((name) => `  ${name}_temp_path ${place}/${name};`).join('\n');
  writeFileSync(
    main,
    `daemon off;\npid ${place}/nginx.pid;\nerror_log stderr warn;\nworker_processes 1;
events { worker_connections 1024; }\nhttp {\n  access_log off;\n${temporary}\n  include ${place}/conf.d/*.conf;\n}\n`,
  );
  const real = `nginx -p ${place} -e stderr -c ${main}`;
  // The programs of the folder come first: this one must not call itself.
  program('nginx', `PATH='${process.env['PATH']}' exec ${real} "$@"`);
  return spawn('sh', ['-c', `exec ${real}`], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function logsIn(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}
