// node ready-sdk.js URL KEY: prints the milliseconds from loading the SDK until it is ready, in this fresh process.
const started = performance.now();
const { createClient } = await import('@dimmer/sdk-node');
const client = createClient({ url: process.argv[2] ?? '', key: process.argv[3] ?? '' });
const state = await client.ready();
console.log(performance.now() - started);
await client.close();
if (state !== 'live') throw new Error(`The SDK became ready with ${state}`);
