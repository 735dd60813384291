import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countsLine, readVitestReport } from './report.mjs';

let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-report-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('passed, failed and skipped tests are counted from the report', () => {
  const suite = {
    name: 'a.test.ts',
    status: 'failed',
    assertionResults: ['passed', 'passed', 'failed', 'skipped', 'todo'].map(result),
  };
  expect(countsLine(read([suite], 1))).toBe('2 passed, 1 failed, 2 skipped');
});

test('a file that does not load is one failure', () => {
  const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] };
  const good = { name: 'b.test.ts', status: 'passed', assertionResults: [result('passed')] };
  expect(countsLine(read([broken, good], 1))).toBe('1 passed, 1 failed, 0 skipped');
});

test('a run that ends badly with every test passed is one failure', () => {
  const good = { name: 'b.test.ts', status: 'passed', assertionResults: [result('passed')] };
  expect(countsLine(read([good], 1))).toBe('1 passed, 1 failed, 0 skipped');
});

test('a run that wrote no report is one failure', () => {
  expect(countsLine(readVitestReport(join(folder, 'nothing.json'), 137))).toBe('0 passed, 1 failed, 0 skipped');
});

function result(status) {
  return { ancestorTitles: [], title: 'a thing', status, duration: 1 };
}

function read(testResults, exitCode) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ testResults }));
  return readVitestReport(file, exitCode);
}
