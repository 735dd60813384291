// The shop on its own: node dist/main.js, with DIMMER_URL, DIMMER_SERVER_KEY and DIMMER_CLIENT_KEY.
import { startServerRendered } from './start-server-rendered.ts';

const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') {
    process.stderr.write(`${name} is missing; see examples/server-rendered/README.md\n`);
    process.exit(2);
  }
  return value;
};

const { url, stop } = await startServerRendered({
  dimmerUrl: needed('DIMMER_URL'),
  serverKey: needed('DIMMER_SERVER_KEY'),
  clientKey: needed('DIMMER_CLIENT_KEY'),
  port: Number(process.env.PORT ?? 8422),
});
process.stdout.write(`Shop: ${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
