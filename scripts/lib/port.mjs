import { createServer } from 'node:net';

/** Says at once, before anything is built, that the port is taken. The server says it too, to whoever starts it alone. */
export async function refuseTakenPort(args) {
  const port = Number(option(args, '--port') ?? process.env.DIMMER_PORT ?? 8420);
  const host = option(args, '--host') ?? process.env.DIMMER_HOST ?? '127.0.0.1';
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return; // 0 picks one; the server refuses the rest by name
  if (await isFree(host, port)) return;
  console.error(`Port ${port} is taken. If Dimmer already runs there, open http://localhost:${port}`);
  const free = await freePortAfter(host, port);
  console.error(`To start another one: npm start -- --port ${free} --database-url file:data/second.db`);
  process.exit(1);
}

/** The next port is often taken as well, by the lamp wall of the Dimmer that runs; 0 picks any. */
async function freePortAfter(host, port) {
  for (let next = port + 1; next <= Math.min(port + 100, 65_535); next += 1) {
    if (await isFree(host, next)) return next;
  }
  return 0;
}

function option(args, name) {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return args[at] === name ? args[at + 1] : args[at].slice(name.length + 1);
}

function isFree(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', (error) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
