import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { dimmer, type Finished } from './testing/dimmer-process.ts';
import { connectInstance, type SdkInstance } from './testing/sdk-instance.ts';

let server: TestServer;
const connected: SdkInstance[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, 30_000);
afterAll(async () => {
  for (const instance of connected) instance.close();
  await server.stop();
});

/** Runs a command line against the server; ids and times read the same each time. */
async function run(line: string): Promise<Finished> {
  const finished = await dimmer(line.split(' '), { DIMMER_URL: server.url, DIMMER_TOKEN: server.adminToken });
  const out = finished.out.replaceAll(/chg_\w+/g, 'chg_1').replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '2027-01-01 00:00');
  return { ...finished, out };
}

const ok = (out: string): Finished => ({ code: 0, out, err: '' });

describe('dimmer flags', { timeout: 30_000 }, () => {
  test('says what to do when there are none', async () => {
    expect(await run('flags list')).toEqual(ok('No flags yet. Make one: dimmer flags create KEY\n'));
  });

  test('creates a flag that is disabled everywhere', async () => {
    expect(
      await run('flags create new-checkout --tag shop,web --owner team --description Soon --client-visible'),
    ).toEqual(ok('Change chg_1: development is at version 2, production is at version 2\n'));
    const { body } = await server.api('GET', '/projects/default/flags/new-checkout');
    expect(body).toMatchObject({
      type: 'boolean',
      tags: ['shop', 'web'],
      owner: 'team',
      description: 'Soon',
      clientVisible: true,
      settings: { development: { enabled: false }, production: { enabled: false } },
    });
  });

  test('creates a flag with variants of its own', async () => {
    await run('flags create banner --type string --variant blue="#00f" --variant red="#f00" --kind operational');
    const { body } = await server.api('GET', '/projects/default/flags/banner');
    expect(body).toMatchObject({
      type: 'string',
      kind: 'operational',
      variants: { blue: { value: '#00f' }, red: { value: '#f00' } },
    });
  });

  test('shows a flag to an audience, in one version, with nobody else getting it', async () => {
    expect(await run('flags rollout new-checkout 0 --audience dogfood --enable --env production')).toEqual(
      ok(
        'Change chg_1: production is at version 4\n' +
          'Note: The segment "dogfood" holds nobody in production: say there whom to include.\n',
      ),
    );
    const { body } = await server.api('GET', '/projects/default/flags/new-checkout/settings/production');
    expect(body).toMatchObject({ enabled: true, rollout: { percent: 0, audience: ['dogfood'] } });
  });

  test('keeps the audience when only the percentage moves, and takes it away when asked to', async () => {
    await run('flags rollout new-checkout 12.345 --env production');
    const settings = '/projects/default/flags/new-checkout/settings/production';
    expect((await server.api('GET', settings)).body).toMatchObject({
      rollout: { percent: 12.345, audience: ['dogfood'] },
    });
    await run('flags rollout new-checkout 12.345 --env production --no-audience');
    expect((await server.api('GET', settings)).body).toMatchObject({ rollout: { percent: 12.345, audience: [] } });
  });

  test('writes nothing, and says so, when everything is so already', async () => {
    expect(await run('flags rollout new-checkout 12.345 --env production')).toEqual(ok('Nothing to change.\n'));
  });

  test('passes on what the server warns of', async () => {
    const { code, out } = await run('flags rollout new-checkout 50 --env development');
    expect(code).toBe(0);
    expect(out).toMatch(/^Change chg_1: development is at version \d+\nNote: .*enabled/);
  });

  test('lists what every flag does in every environment', async () => {
    await run('flags rollout new-checkout 10 --audience dogfood --env production');
    await run('flags on banner --env development');
    expect(await run('flags list')).toEqual(
      ok(
        [
          'FLAG          DEVELOPMENT  PRODUCTION      CHANGED (UTC)     BY',
          'banner        custom       off             2027-01-01 00:00  DIMMER_ADMIN_TOKEN',
          'new-checkout  off          10 % + dogfood  2027-01-01 00:00  DIMMER_ADMIN_TOKEN',
          '',
        ].join('\n'),
      ),
    );
    const { out } = await run('flags list --json');
    expect(JSON.parse(out)).toMatchObject([
      { key: 'banner' },
      { key: 'new-checkout', cells: { production: { percent: 10 } } },
    ]);
  });

  test('waits for nobody when nobody is connected', async () => {
    const { code, out } = await run('flags on new-checkout --env development --wait live');
    expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: 'No instance connected' });
  });

  test('waits for the receipts of running instances', async () => {
    connected.push(await connectInstance(server.url, server.serverKey, true));
    connected.push(await connectInstance(server.url, server.serverKey, true));
    const { code, out } = await run('flags rollout new-checkout 20 --env production --wait live --timeout 20');
    expect(code).toBe(0);
    expect(out).toMatch(/\n2 of 2 instances on version \d+, p50 \d+ ms, p99 \d+ ms\n$/);
  });

  test('ends with 1 and says who is late when an instance has not applied the change in time', async () => {
    connected.push(await connectInstance(server.url, server.serverKey, false));
    const { code, out } = await run('flags off new-checkout --env production --wait live --timeout 0.3');
    expect(code).toBe(1);
    expect(out).toMatch(/2 of 3 instances on version \d+, .*1 not yet: 127\.0\.0\.1 \(test\/1, version \d+\)\n$/);
  });

  test('prints the answer of the API for scripts', async () => {
    const { code, out } = await run('flags on new-checkout --env production --json --comment Back');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ changeId: 'chg_1', versions: { production: expect.any(Number) } });
  });

  test.each([
    ['flags on nothing --env production', 'There is no flag "nothing" in project "default". (NOT_FOUND, 404)\n'],
    ['flags on new-checkout --env moon', /no environment "moon".*\(NOT_FOUND, 404\)/],
    ['flags create bad/key', /key: .*1 to 128 letters.*\(INVALID_INPUT, 422\)/],
    ['flags rollout new-checkout 5 --env production --audience nobody', /nobody/],
    ['flags list --token wrong', /\(\w+, 401\)/],
    ['flags list --project nothing', /no project "nothing".*\(NOT_FOUND, 404\)/],
  ])('ends with 3 and says what the server refused: %s', async (line, message) => {
    const { code, out, err } = await run(line);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(message);
  });

  test('names every field that is wrong', async () => {
    await run('flags create size --type number --variant small=1 --variant bad="x" --variant worse=true');
    const { code, err } = await run('flags create size --type number --variant bad="x" --variant worse=true');
    expect(code).toBe(3);
    expect(err).toContain('/variants/bad');
    expect(err).toContain('/variants/worse');
  });
});
