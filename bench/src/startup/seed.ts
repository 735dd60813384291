// Each worker does one request after the other, and versions are made one after the other.
/* oxlint-disable no-await-in-loop */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN_TOKEN, startServer } from './children.ts';

/** A database with flags in it, and the rulesets that it serves, as files. */
export interface Seeded {
  readonly flags: number;
  readonly database: string;
  /** Of every environment: what the server has to hold. */
  readonly rulesets: readonly string[];
  /** Of production, which the SDK asks for. */
  readonly production: string;
  readonly serverKey: string;
}

const PROGRESS_MS = 10_000;
const PROJECT = '/api/v1/projects/default';
/** Requests in flight at once; the server writes one after the other anyhow. */
const PARALLEL = 8;
const SETTINGS_PER_CHANGE_SET = 250;

/** Fills a fresh database through the API, as a team would: a third static, a third rolled out, a third with rules. */
export async function seed(folder: string, flags: number): Promise<Seeded> {
  const database = join(folder, `flags-${flags}.db`);
  const server = await startServer(database);
  try {
    const send = (method: string, path: string, body?: unknown) => request(server.url, method, path, body);
    await inParallel(numbers(flags), (n) =>
      send('POST', `${PROJECT}/flags`, { key: key(n), clientVisible: n % 10 === 0 }),
    );
    const changes = numbers(flags).map(settingsOf);
    for (let from = 0; from < changes.length; from += SETTINGS_PER_CHANGE_SET) {
      const body = { changes: changes.slice(from, from + SETTINGS_PER_CHANGE_SET) };
      await send('POST', `${PROJECT}/environments/production/change-sets`, body);
    }
    const made: { key: string } = JSON.parse(
      await send('POST', `${PROJECT}/environments/production/keys`, { kind: 'server', name: 'bench' }),
    );
    const save = async (environment: string) => {
      const file = join(folder, `flags-${flags}-${environment}.json`);
      await writeFile(file, await send('GET', `${PROJECT}/environments/${environment}/ruleset`));
      return file;
    };
    const [development, production] = [await save('development'), await save('production')];
    return { flags, database, rulesets: [development, production], production, serverKey: made.key };
  } finally {
    await server.stop();
  }
}

function key(n: number): string {
  return `checkout-step-${n}`;
}

/** Realistic in kind and in size: about 300 bytes a flag. */
function settingsOf(n: number): unknown {
  if (n % 3 === 0) return { flag: key(n), settings: { enabled: true } };
  if (n % 3 === 1) return { flag: key(n), rollout: { percent: n % 100, enabled: true } };
  const rules = [
    { id: 'staff', if: { attr: 'email', endsWith: ['@example.com'] }, serve: 'on' },
    { id: 'beta', if: { all: [{ attr: 'plan', in: ['pro', 'team'] }, { segment: 'dogfood' }] }, serve: 'on' },
  ];
  return { flag: key(n), settings: { enabled: true, rules } };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function inParallel(items: readonly number[], work: (item: number) => Promise<unknown>): Promise<void> {
  const queue = items.entries();
  let said = performance.now();
  const worker = async () => {
    for (const [at, item] of queue) {
      await work(item);
      if (performance.now() - said < PROGRESS_MS) continue;
      said = performance.now();
      console.log(`  ${at} of ${items.length}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function request(url: string, method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}
