import { expect, test } from 'vitest';
import { createLog } from './log.ts';

test('a line logged before the library is loaded is written, with its level, fields and message', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'json', write: (line) => lines.push(line) });
  log.debug({}, 'not wanted');
  log.child({ part: 'hub' }).warn({ n: 1 }, 'early');
  await log.flush();
  log.info({}, 'later');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 40, part: 'hub', n: 1, msg: 'early' },
    { level: 30, msg: 'later' },
  ]);
});

test('secrets are blotted out by the name of their field and by their prefix, at any depth', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'json', write: (line) => lines.push(line) });
  const key = 'dmr_srv_abcDEF123-_x';
  log.error(
    {
      headers: { Authorization: `Bearer ${key}`, cookie: 'session=abc' },
      list: [`see ${key}`],
      error: new Error(`bad ${key}`),
    },
    `key ${key} and\nnewline`,
  );
  await log.flush();
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('abcDEF123');
  expect(lines[0]).not.toContain('session=abc');
  expect(lines[0]).toContain('dmr_srv_[redacted]');
});

test('the pretty format is one readable line', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'pretty', write: (line) => lines.push(line) });
  log.info({ port: 8420 }, 'listening');
  await log.flush();
  expect(lines.join('')).toMatch(/INFO.*listening/);
});
