import { describe, expect, test } from 'vitest';
import { ConfigError, publicUrlOf, readConfig, toBlockList } from './config.ts';

describe('the settings', () => {
  test('have defaults that start on a fresh machine', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: 'file:data/dimmer.db',
      host: '127.0.0.1',
      port: 8420,
      trustedProxies: [],
      logLevel: 'info',
      logFormat: 'json',
    });
    expect(readConfig({}, {}, true).logFormat).toBe('pretty');
  });

  test('of the command line win over those of the environment', () => {
    const config = readConfig({ DIMMER_PORT: '1', DIMMER_HOST: '0.0.0.0' }, { port: 0 });
    expect(config).toMatchObject({ port: 0, host: '0.0.0.0' });
  });

  test('treat an empty variable as absent', () => {
    expect(readConfig({ DIMMER_PORT: '' }).port).toBe(8420);
  });

  test.each([
    ['DIMMER_DATABASE_URL', 'mysql://x'],
    ['DIMMER_DATABASE_URL', 'file:'],
    ['DIMMER_DATABASE_URL', 'postgres://'],
    ['DIMMER_DATABASE_URL', 'postgres://host/db?sslmode=prefer'],
    ['DIMMER_DATABASE_URL', 'postgres://host/db?unknown=1'],
    ['DIMMER_DATABASE_URL', 'postgres://host:port/db'],
    ['DIMMER_HOST', 'not a host'],
    ['DIMMER_PORT', '65536'],
    ['DIMMER_PORT', '8420x'],
    ['DIMMER_PUBLIC_URL', 'ftp://example.com'],
    ['DIMMER_PUBLIC_URL', 'https://example.com/dimmer'],
    ['DIMMER_ADMIN_TOKEN', 'short'],
    ['DIMMER_ADMIN_TOKEN', `with space ${'x'.repeat(40)}`],
    ['DIMMER_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['DIMMER_TRUSTED_PROXIES', '10.0.0.1,proxy'],
    ['DIMMER_LOG_LEVEL', 'loud'],
    ['DIMMER_LOG_FORMAT', 'xml'],
    ['DIMMER_METRICS_PORT', '-1'],
  ])('refuse a wrong %s (%s) by its name and say what was expected', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name}: expected `));
  });

  test('name the flag when the wrong value came from the command line', () => {
    expect(() => readConfig({}, { metricsPort: 'x' })).toThrow(/^--metrics-port: expected a port number/);
  });

  test('are refused all at once, and a token is never repeated', () => {
    try {
      readConfig({ DIMMER_PORT: 'x', DIMMER_ADMIN_TOKEN: 'hunter2' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems).toHaveLength(2);
      expect((error as ConfigError).message).not.toContain('hunter2');
    }
  });

  test('make the public URL from the port unless it is set', () => {
    expect(publicUrlOf(readConfig({}), 1234)).toBe('http://localhost:1234');
    expect(publicUrlOf(readConfig({ DIMMER_PUBLIC_URL: 'https://flags.example.com/' }), 1234)).toBe(
      'https://flags.example.com',
    );
  });

  test('understand proxies as addresses and as blocks', () => {
    const list = toBlockList(readConfig({ DIMMER_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies);
    expect([list.check('10.1.2.3'), list.check('11.0.0.1'), list.check('::1', 'ipv6')]).toEqual([true, false, true]);
  });
});
