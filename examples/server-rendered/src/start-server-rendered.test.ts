import { startTestServer, type TestServer } from '@dimmer/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServerRendered, type ServerRendered } from './start-server-rendered.ts';

let dimmer: TestServer;
let shop: ServerRendered;

beforeAll(async () => {
  dimmer = await startTestServer();
  const { url, serverKey, clientKey } = dimmer;
  await dimmer.api('POST', '/projects/default/flags', { key: 'new-checkout', clientVisible: true });
  await dimmer.api('PATCH', '/projects/default/flags/new-checkout/settings/production', {
    enabled: true,
    default: 'off',
    rules: [{ id: 'ann', if: { attr: 'targetingKey', in: ['ann'] }, serve: 'on' }],
  });
  shop = await startServerRendered({ dimmerUrl: url, serverKey, clientKey, port: 0 });
});

afterAll(async () => {
  await shop.stop();
  await dimmer.stop();
});

const pageOf = async (user: string): Promise<string> =>
  await (await fetch(`${shop.url}/?user=${encodeURIComponent(user)}`)).text();

describe('the page of the shop', () => {
  test('is rendered with the values of whoever asks for it, and carries them', async () => {
    const [ann, bob] = [await pageOf('ann'), await pageOf('bob')];
    expect(ann).toContain('Buy now, on one page');
    expect(bob).toContain('Go to the checkout');
    for (const page of [ann, bob]) expect(page).toContain('globalThis.dimmerBootstrap=JSON.parse(');
  });

  test('has nothing of the server key, and of the user nothing that is code', async () => {
    const page = await pageOf('"><script>alert(1)</script>');
    expect(page).not.toContain(dimmer.serverKey);
    expect(page).not.toContain('<script>alert');
  });
});

test('a shop without Dimmer has its page, with the words in its code', async () => {
  const options = { dimmerUrl: 'http://127.0.0.1:9', serverKey: 'dmr_srv_none', clientKey: 'dmr_cli_none', port: 0 };
  const alone = await startServerRendered({ ...options, patienceMs: 50 });
  expect(await (await fetch(alone.url)).text()).toContain('Welcome to the shop');
  await alone.stop();
});
