import { describe, expect, it } from 'vitest';
import { ConfigError, databaseName, readConfig } from '../config.ts';
import { maskDatabaseUrl, parsePostgresUrl } from './database-url.ts';

describe('the URL of a PostgreSQL database', () => {
  it('names host, port, user, password and database, each as it is written in a URL', () => {
    expect(parsePostgresUrl('postgresql://ada:p%40ss%2Fword@db.example.com:6543/dimmer')).toEqual({
      host: 'db.example.com',
      port: 6543,
      user: 'ada',
      password: 'p@ss/word',
      database: 'dimmer',
      sslMode: 'disable',
      channelBinding: false,
    });
  });

  it('leaves to the client what it does not say', () => {
    expect(parsePostgresUrl('postgres://[::1]')).toEqual({
      host: '::1',
      port: 5432,
      sslMode: 'disable',
      channelBinding: false,
    });
  });

  it('may name a socket, certificates and the application', () => {
    const url =
      'postgres:///dimmer?host=/run/postgresql&sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&application_name=flags&channel_binding=require';
    expect(parsePostgresUrl(url)).toEqual({
      host: '/run/postgresql',
      port: 5432,
      database: 'dimmer',
      sslMode: 'verify-full',
      rootCertFile: '/ca.pem',
      certFile: '/c.pem',
      keyFile: '/k.pem',
      applicationName: 'flags',
      channelBinding: true,
    });
  });
});

describe('a password', () => {
  it.each([
    ['postgres://ada:secret@host/db', 'postgres://ada:***@host/db'],
    ['postgres://ada:sec:r@et/x@host/db', 'postgres://ada:***@host/db'],
    ['postgres://host/db?password=secret&x=1', 'postgres://host/db?password=***&x=1'],
    ['postgres://ada@host/db', 'postgres://ada@host/db'],
    ['file:data/dimmer.db', 'file:data/dimmer.db'],
  ])('is not shown of %s', (url, shown) => {
    expect(maskDatabaseUrl(url)).toBe(shown);
  });

  it('is neither in what a wrong setting says nor in what the server prints', () => {
    const databaseUrl = 'postgres://ada:secret@host/db?sslmode=perhaps';
    try {
      readConfig({ DIMMER_DATABASE_URL: databaseUrl });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain('ada:***@host');
      expect(String(error)).not.toContain('secret');
    }
    expect(databaseName({ databaseUrl: 'postgres://ada:secret@host/db' })).toBe('postgres://ada:***@host/db');
  });
});
