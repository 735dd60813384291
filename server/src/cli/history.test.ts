import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { dimmer, type Finished } from './testing/dimmer-process.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.api('POST', '/projects/default/flags', { key: 'new-checkout', comment: 'For 2027' });
  await server.api('PATCH', '/projects/default/segments/dogfood/settings/production', {
    condition: {
      any: [
        { attr: 'email', as: 'lower', endsWith: ['@example.com'] },
        { attr: 'team', exists: true },
      ],
    },
  });
  await server.api('PUT', '/projects/default/flags/new-checkout/settings/production/rollout', {
    percent: 0,
    audience: ['dogfood'],
    enabled: true,
  });
}, 30_000);
afterAll(() => server.stop());

function run(...args: string[]): Promise<Finished> {
  return dimmer(args, { DIMMER_URL: server.url, DIMMER_TOKEN: server.adminToken });
}

/** Ids and times read the same each time. */
function steady(text: string): string {
  return text.replaceAll(/chg_\w+/g, 'chg_1').replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2027-01-01 00:00:00');
}

async function lastChange(): Promise<string> {
  const changes: { id: string }[] = JSON.parse((await run('changes', '--limit', '1', '--json')).out);
  return changes[0]?.id ?? '';
}

describe('dimmer changes', { timeout: 30_000 }, () => {
  test('shows who changed what, newest first', async () => {
    const { code, out } = await run('changes', '--flag', 'new-checkout');
    expect(code).toBe(0);
    expect(steady(out)).toBe(
      [
        'CHANGE  WHEN (UTC)           WHO                 VERSIONS                     WHAT',
        'chg_1   2027-01-01 00:00:00  DIMMER_ADMIN_TOKEN  production 4                 new-checkout: enabled false -> true, audience nobody -> dogfood, rollout 100% -> 0%',
        'chg_1   2027-01-01 00:00:00  DIMMER_ADMIN_TOKEN  development 2, production 2  create flag new-checkout ("For 2027")',
        '',
      ]
        .join('\n')
        // The columns are as wide as the ids were.
        .replaceAll(/^(CHANGE|chg_1) +/gm, (word) => word.trim() + ' '.repeat(word.startsWith('C') ? 24 : 2)),
    );
  });

  test('shows what became of a rollout, and of splits that are none', async () => {
    const rollout = '/projects/default/flags/in-steps/settings/production/rollout';
    await server.api('POST', '/projects/default/flags', { key: 'in-steps' });
    await server.api('PUT', rollout, { percent: 10 });
    await server.api('PUT', rollout, { percent: 20.5 });
    const variants = { light: { value: 'light' }, dark: { value: 'dark' } };
    await server.api('POST', '/projects/default/flags', { key: 'theme', type: 'string', variants });
    const theme = '/projects/default/flags/theme/settings/production';
    await server.api('PUT', `${theme}/rollout`, { percent: 30, variant: 'dark', otherwise: 'light', by: 'company' });
    await server.api('PATCH', theme, { rules: [{ id: 'r', if: { attr: 'plan', in: ['pro'] }, serve: 'dark' }] });
    const whats = async (flag: string): Promise<string[]> => {
      const { out } = await run('changes', '--flag', flag, '--env', 'production');
      return [...out.matchAll(/production \d+ +(.*)$/gm)].map(([, what = '']) => what);
    };
    expect(await whats('in-steps')).toEqual([
      'in-steps: rollout 10% -> 20.5%',
      'in-steps: rollout 100% -> 10%',
      'create flag in-steps',
    ]);
    expect(await whats('theme')).toEqual([
      'theme: 1 rule added',
      "theme: default the code's default -> 30% dark, 70% light by company",
      'create flag theme',
    ]);
  });

  test('can be narrowed down', async () => {
    expect((await run('changes', '--actor', 'nobody')).out).toBe('No changes.\n');
    expect((await run('changes', '--since', '2999-01-01')).out).toBe('No changes.\n');
    const development: unknown[] = JSON.parse((await run('changes', '--env', 'development', '--json')).out);
    expect(development).toHaveLength(4);
  });
});

describe('dimmer revert', { timeout: 30_000 }, () => {
  test('undoes a change by a new one', async () => {
    await run('flags', 'rollout', 'new-checkout', '30', '--env', 'production');
    const { code, out } = await run('revert', await lastChange(), '--comment', 'Too soon');
    expect(code).toBe(0);
    expect(steady(out)).toMatch(/^Change chg_1: production is at version \d+\n$/);
    const { body } = await server.api('GET', '/projects/default/flags/new-checkout/settings/production');
    expect(body).toMatchObject({ rollout: { percent: 0 } });
  });

  test('refuses what was changed since, by name, unless forced', async () => {
    await run('flags', 'rollout', 'new-checkout', '40', '--env', 'production');
    const change = await lastChange();
    await run('flags', 'rollout', 'new-checkout', '50', '--env', 'production');
    const { code, err } = await run('revert', change);
    expect(code).toBe(3);
    expect(err).toMatch(/default/);
    expect(err).toMatch(/, 409\)/);
    expect((await run('revert', change, '--force')).code).toBe(0);
  });

  test('of a change that never was ends with 3', async () => {
    expect(await run('revert', 'chg_0')).toMatchObject({ code: 3, err: expect.stringContaining('NOT_FOUND, 404') });
  });
});

describe('dimmer explain', { timeout: 30_000 }, () => {
  test('shows every step with what it saw', async () => {
    const args = ['explain', 'new-checkout', '--env', 'production', '--at', '4'];
    const who = ['--context', 'targetingKey=7', '--context', '{"email": "Ann@Example.com"}'];
    expect(await run(...args, ...who)).toEqual({
      code: 0,
      err: '',
      out: [
        'new-checkout in production, version 4',
        '  value    true (variant on)',
        '  reason   TARGETING_MATCH, rule audience',
        '  ✓ rule audience',
        '    ✓ segment dogfood',
        '      ✓ any of',
        '        ✓ email as lower endsWith ["@example.com"]   saw "ann@example.com"',
        '',
      ].join('\n'),
    });
    expect((await run(...args, '--context', 'targetingKey=8', '--context', 'email=bob@other.org')).out).toBe(
      [
        'new-checkout in production, version 4',
        '  value    false (variant off)',
        '  reason   DEFAULT',
        '  ✗ rule audience',
        '    ✗ segment dogfood',
        '      ✗ any of',
        '        ✗ email as lower endsWith ["@example.com"]   saw "bob@other.org"',
        '        ✗ team exists true   missing',
        '',
      ].join('\n'),
    );
  });

  test('shows the position on the axis, for a targeting key that is always text', async () => {
    await run('flags', 'rollout', 'new-checkout', '10', '--env', 'production');
    const { out } = await run('explain', 'new-checkout', '--env', 'production', '--context', 'targetingKey=42');
    expect(out).toMatch(/\n {2}default: targetingKey "42" is at \d+ of 100000, below (10000: on|100000: off)\n$/);
  });

  test('says that a flag is disabled', async () => {
    expect((await run('explain', 'new-checkout', '--env', 'development')).out).toMatch(
      /\n {2}reason {3}DISABLED\n {2}The flag is disabled: nothing was tried\.\n$/,
    );
  });

  test('prints result and trace for scripts', async () => {
    const { out } = await run('explain', 'new-checkout', '--env', 'development', '--json');
    expect(JSON.parse(out)).toMatchObject({
      value: false,
      variant: 'off',
      reason: 'DISABLED',
      trace: { enabled: false },
    });
  });

  test('of a flag that does not exist says so, for people and for scripts', async () => {
    for (const json of [[], ['--json']]) {
      const { code, out, err } = await run('explain', 'new-chekout', '--env', 'production', ...json);
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toMatch(/^There is no flag "new-chekout" in project "default" \(production at version \d+\)\.\n$/);
    }
  });
});
