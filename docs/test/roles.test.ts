import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows, section } from './markdown-table.ts';
import { ROOT } from './page-runner.ts';
import { PROBES, type Probe } from './role-probes.ts';
import { startServer, type StartedServer } from './started-server.ts';

const ROLES = ['viewer', 'developer', 'releaser', 'owner'] as const;
const table = rows(section(readFileSync(join(ROOT, 'docs/security.md'), 'utf8'), 'Roles'));

describe('the table of roles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dimmer-roles-'));
  const tokens = new Map<string, string>();
  let server: StartedServer;

  beforeAll(async () => {
    server = await startServer(ROOT, folder);
    const owner = (method: string, path: string, body: object) => call(server.token, method, path, body);
    await owner('POST', '/projects/default/flags', { key: 'probe' });
    for (const role of ROLES) {
      const { key } = await (await owner('POST', '/tokens', { name: role, role })).json();
      tokens.set(role, key);
      await owner('POST', '/projects/default/flags', { key: `archived-${role}` });
      const environment = (key: string, isProtected: boolean) =>
        owner('POST', '/projects/default/environments', { key, name: key, protected: isProtected });
      await environment(`temporary-${role}`, false);
      await environment(`guarded-${role}`, true);
      await environment(`kept-${role}`, true);
      await environment(`ending-${role}`, true);
    }
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(token: string, method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async function isAllowed(role: string, { method, path, body }: Probe, unique: string): Promise<boolean> {
    const filled = path.replace('{role}', role);
    const response = await call(tokens.get(role) ?? '', method, filled, body?.(unique));
    if (response.status === 403) return false;
    if (response.ok) return true;
    throw new Error(`${role} ${method} ${filled}: ${response.status} ${await response.text()}`);
  }

  test('has one row for everything that is tried here', () => {
    expect(table.map(([what]) => what)).toEqual(Object.keys(PROBES));
  });

  test.each(table)('tells the truth about: %s', async (what = '', ...cells) => {
    const answers: Record<string, readonly boolean[]> = {};
    for (const role of ROLES) {
      const all = (PROBES[what] ?? []).map((probe, n) =>
        isAllowed(role, probe, `try-${role}-${table.findIndex(([row]) => row === what)}-${n}`),
      );
      answers[role] = await Promise.all(all);
    }
    const claimed = ROLES.map((role, n) => [role, (PROBES[what] ?? []).map(() => cells[n] === 'yes')]);
    expect(answers).toEqual(Object.fromEntries(claimed));
  });

  test('covers every action that permissions know', () => {
    const source = readFileSync(join(ROOT, 'server/src/policy/permissions.ts'), 'utf8');
    const actions = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, action]) => action);
    const tried = new Set(Object.values(PROBES).flatMap((probes) => probes.map(({ action }) => action)));
    expect([...tried].toSorted()).toEqual(actions.toSorted());
  });
});
