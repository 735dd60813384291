import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { capture, root } from './lib/run.mjs';

const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const unit = /^```ini\n(\[Unit\]\n.+?)^```/ms.exec(page)?.[1] ?? '';

/** Sections and the settings in them, as systemd reads them. */
function readUnit(text) {
  const sections = {};
  let section;
  for (const line of text.split('\n')) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) section = sections[name] = {};
    else if (key !== undefined) section[key] = [...(section[key] ?? []), value];
    else if (line !== '' && !line.startsWith('#')) throw new Error(`no setting: ${line}`);
  }
  return sections;
}

describe('the systemd unit of the operations page', () => {
  test('runs the server as a user of its own, that may write one folder, and gives it time to stop', () => {
    const { Unit, Service, Install } = readUnit(unit);
    expect(Unit).toHaveProperty('Description');
    expect(Install).toEqual({ WantedBy: ['multi-user.target'] });
    expect(Service).toMatchObject({
      ExecStart: [expect.stringMatching(/^\/\S+ \/opt\/dimmer\/server\/bin\/dimmer\.js serve$/)],
      Environment: expect.arrayContaining(['DIMMER_DATABASE_URL=file:/var/lib/dimmer/dimmer.db']),
      DynamicUser: ['yes'],
      StateDirectory: ['dimmer'],
      StateDirectoryMode: ['0700'],
      ProtectSystem: ['strict'],
      NoNewPrivileges: ['yes'],
      TimeoutStopSec: ['40'],
      Restart: ['always'],
    });
    // Node compiles what it runs.
    expect(Service).not.toHaveProperty('MemoryDenyWriteExecute');
    expect(JSON.stringify(Service)).not.toMatch(/TOKEN|SECRET|PASSWORD/);
  });

  test('is one that systemd takes without a word, where there is a systemd', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dimmer-unit-'));
    const file = join(folder, 'dimmer.service');
    await writeFile(file, unit.replace('/usr/bin/node ', `${process.execPath} `));
    const { code, output } = await capture(['systemd-analyze'], ['verify', '--man=no', file], {});
    await rm(folder, { recursive: true });
    if (/ENOENT/.test(output)) return;
    expect({ code, said: output.split('\n').filter((line) => line.includes('dimmer.service')) }).toEqual({
      code: 0,
      said: [],
    });
  });
});
