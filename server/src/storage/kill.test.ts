import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildScript, type Script } from '../testing/build-script.ts';
import { openDoor } from '../testing/open-door.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const ROUNDS = 10;
let script: Script;

/** Commits as fast as it can, and says what was acknowledged only once it was. */
const WRITER = `
  import { writeSync } from 'node:fs';
  import { openDoor } from './testing/open-door.ts';
  const door = await openDoor('file:' + process.argv[2]);
  for (let n = 0; ; n++) {
    const key = 'f' + process.argv[3] + '-' + n;
    const both = [
      { kind: 'flag.create', input: { key } },
      { kind: 'rollout.set', flag: key, environment: 'production', input: { percent: 10, enabled: true } },
    ];
    const { changeId, versions } = await door.commit(n % 3 === 2 ? { kind: 'segment.update', segment: 'dogfood', input: { name: key } } : both);
    writeSync(1, JSON.stringify({ changeId, production: versions.production ?? null }) + '\\n');
  }
`;

interface Acknowledged {
  readonly changeId: string;
  readonly production: number | null;
}

/** Runs the writer until it has acknowledged enough, then kills it between two instructions of its own. */
function writeUntilKilled(file: string, round: number): Promise<Acknowledged[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script.file, file, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length > 5 + 7 * round) child.kill('SIGKILL');
    });
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(errors));
      // What stands after the last line break was not acknowledged.
      const lines = output.split('\n').slice(0, -1);
      resolve(lines.map((line): Acknowledged => JSON.parse(line)));
    });
  });
}

describe('a server killed while it writes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-kill-'));
    script = await buildScript(WRITER);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await script.remove();
  });

  it(`keeps every acknowledged change, whole and in order, ${ROUNDS} times over`, async () => {
    const file = join(folder, 'dimmer.db');
    let last = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await writeUntilKilled(file, round);
      const door = await openDoor(`file:${file}`);
      try {
        expect(await door.problems()).toEqual([]);
        const present = await door.storage.read(async (tx) => {
          const found: unknown[] = [];
          for (const { changeId } of acknowledged) {
            const change = await tx.changes.byId(changeId);
            found.push({ changeId: change?.id, production: change?.versions['production'] ?? null });
          }
          return found;
        });
        expect(present).toEqual(acknowledged);
        const { version } = (await door.getEnvironment('default', 'production')).value;
        const highest = Math.max(last, ...acknowledged.map(({ production }) => production ?? 0));
        // At most the one that was on disk when the answer could no longer be given.
        expect(version - highest).toBeLessThanOrEqual(1);
        expect(version).toBeGreaterThanOrEqual(highest);
        last = version;
      } finally {
        await door.close();
      }
    }
  });
});
