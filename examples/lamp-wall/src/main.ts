// The wall on its own: node dist/main.js, with DIMMER_URL, DIMMER_SERVER_KEY and DIMMER_CLIENT_KEY.
import { startLampWall } from './start-lamp-wall.ts';

const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') {
    process.stderr.write(`${name} is missing; see examples/lamp-wall/README.md\n`);
    process.exit(2);
  }
  return value;
};

const dimmerUrl = needed('DIMMER_URL');
const serverKey = needed('DIMMER_SERVER_KEY');
const clientKey = needed('DIMMER_CLIENT_KEY');
const port = Number(process.env.PORT ?? 8421);
const { url, stop } = await startLampWall({ dimmerUrl, serverKey, clientKey, port, adminUrl: dimmerUrl });
process.stdout.write(`Lamp wall: ${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
