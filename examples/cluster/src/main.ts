// Several servers on this machine: npm start -w examples/cluster
import { HELP, readOptions } from './options.ts';
import { FLAG, startCluster, type Cluster, type ClusterOptions } from './start-cluster.ts';
import { watch } from './watch.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function describe({ url, database, balancer, servers, clients, adminToken }: Cluster): string {
  const setUp = servers.at(-1)?.setUpUrl();
  const lines: [string, string | undefined][] = [
    ['Set up', setUp && `${setUp}\n                makes the owner account, once`],
    ['Admin UI', `${url}/projects/default/flags/${FLAG}`],
    ['Balancer', balancer.name],
    ...servers.map((one, n): [string, string] => [`Server ${n + 1}`, `port ${one.port}, process ${one.pid()}`]),
    ['Clients', `${clients.length}, of the environment development`],
    ['Database', database.name],
    ['For scripts', `DIMMER_URL=${url} DIMMER_TOKEN=${adminToken}`],
  ];
  const [, second] = servers;
  return `
  Dimmer, ${servers.length} servers

${lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(14)}${text}`])).join('\n')}

  Try this:
    1. Switch ${FLAG} on in development. Every client has it, whichever server it is at.
    2. kill -9 ${second?.pid() ?? servers[0]?.pid()}
       Its clients go on answering, and are with the other server a moment later. Switch ${FLAG} off meanwhile.

  Ctrl-C stops everything.
`;
}

/** Resolves when somebody wants it to end. Whoever asks again does not want to wait: what was started ends with us. */
function untilAsked(): Promise<void> {
  let times = 0;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        times += 1;
        if (times > 1) process.exit(130);
        resolve();
      });
  });
}

async function run(options: ClusterOptions): Promise<void> {
  // From the start on: an end in the middle would leave servers behind.
  const asked = untilAsked();
  say('Starting PostgreSQL, the servers, the balancer and the clients …');
  const cluster = await startCluster({ ...options, say });
  if (!cluster.balancer.name.startsWith('nginx'))
    say(
      options.balancer === 'node'
        ? 'Not nginx, as you wished.'
        : "nginx is not installed (no `nginx` on the PATH): a small balancer of the example's own stands in for it.",
    );
  say(describe(cluster));
  watch(cluster, say);
  await asked;
  say('Stopping …');
  await cluster.stop();
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === undefined) say(HELP);
  else await run(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
