import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { KeyAuthenticator } from '../auth/key-authenticator.ts';
import type { Committer } from '../changes/committer.ts';
import type { EnvironmentViews } from '../environments/environment-views.ts';
import { systemPrincipal } from '../policy/principal.ts';

/** Where the demo runs: the project that every installation begins with. */
const DEMO_PLACE = { project: 'default', environment: 'production' } as const;

const NAMES = { server: 'demo server', client: 'demo browser' } as const;

/** SDK keys of the demo. */
export interface DemoKeys {
  readonly serverKey: string;
  readonly clientKey: string;
}

/** What they are found and made with. */
export interface DemoKeysDeps {
  readonly committer: Committer;
  readonly views: Pick<EnvironmentViews, 'listKeys'>;
  readonly keys: Pick<KeyAuthenticator, 'authenticateKey'>;
  /** Where their secrets are kept between starts; undefined with a database that ends with the process. */
  readonly file: string | undefined;
}

/**
 * The keys of the lamp wall: those of the start before while they are good, so that a page left open goes on, else new
 * ones in their place. Undefined when the first project or its production is no more.
 */
export async function findOrMakeDemoKeys(deps: DemoKeysDeps): Promise<DemoKeys | undefined> {
  const existing = await deps.views.listKeys(DEMO_PLACE.project, DEMO_PLACE.environment).catch(() => undefined);
  if (existing === undefined) return undefined;
  const kept = await readKept(deps);
  if (kept !== undefined) return kept;
  const names: readonly string[] = Object.values(NAMES);
  await revoke(
    deps,
    existing.value.items.filter(({ name }) => names.includes(name)),
  );
  const made = { serverKey: await make(deps, 'server'), clientKey: await make(deps, 'client') };
  if (deps.file !== undefined) await keep(deps.file, made);
  return made;
}

/** What cannot be read, or is not good any more, is made anew. */
async function readKept({ keys, file }: DemoKeysDeps): Promise<DemoKeys | undefined> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  const kept = text === undefined ? undefined : parseKept(text);
  if (kept === undefined) return undefined;
  const found = [await keys.authenticateKey(kept.serverKey), await keys.authenticateKey(kept.clientKey)];
  const isGood = found.every(
    (key) =>
      key?.projectKey === DEMO_PLACE.project &&
      key.environmentKey === DEMO_PLACE.environment &&
      // One that is about to end would end under an open page.
      key.expiresAt === null,
  );
  return isGood && found[0]?.kind === 'server' && found[1]?.kind === 'client' ? kept : undefined;
}

function parseKept(text: string): DemoKeys | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('serverKey' in value) || !('clientKey' in value))
      return undefined;
    const { serverKey, clientKey } = value;
    return typeof serverKey === 'string' && typeof clientKey === 'string' ? { serverKey, clientKey } : undefined;
  } catch {
    return undefined;
  }
}

/** For nobody's eyes but the server's own. */
async function keep(file: string, keys: DemoKeys): Promise<void> {
  await writeFile(file, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
}

async function revoke({ committer }: DemoKeysDeps, old: readonly { readonly id: string }[]): Promise<void> {
  if (old.length === 0) return;
  const { project, environment } = DEMO_PLACE;
  const intents = old.map(({ id }) => ({ kind: 'key.revoke', environment, id }) as const);
  await committer.commit({ principal: systemPrincipal('demo'), project, intents });
}

async function make({ committer }: DemoKeysDeps, kind: 'server' | 'client'): Promise<string> {
  const { project, environment } = DEMO_PLACE;
  const { created } = await committer.commit({
    principal: systemPrincipal('demo'),
    project,
    intents: [{ kind: 'key.create', environment, input: { kind, name: NAMES[kind] } }],
  });
  return created?.secret ?? '';
}
