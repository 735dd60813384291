import { randomBytes } from 'node:crypto';
import type { Committer } from '../changes/committer.ts';
import type { RandomBytes } from '../changes/secrets.ts';
import { systemPrincipal } from '../policy/principal.ts';
import type { Storage } from '../storage/storage.ts';

/** What every start needs to know of the installation. */
export interface Installation {
  /** 32 hex digits. */
  readonly epoch: string;
  /** Hex of 32 bytes, from which the server derives what it signs with. */
  readonly serverSecret: string;
}

/**
 * Gives a fresh database its identity and its first project; of any other it only reads the identity, which loads
 * nothing and waits for nobody. Safe to call at every start, and after a start that was cut off.
 */
export async function initialise(
  storage: Storage,
  committer: Committer,
  random: RandomBytes = randomBytes,
): Promise<Installation> {
  const known = await readIdentity(storage);
  if (known && (await storage.serving.meta('firstProject')) !== undefined) return known;
  // Of several servers that begin together the first decides: the others find here what it has written.
  const identity = await storage.transaction(async (tx) => {
    const epoch = (await tx.meta.get('epoch')) ?? Buffer.from(random(16)).toString('hex');
    const serverSecret = (await tx.meta.get('serverSecret')) ?? Buffer.from(random(32)).toString('hex');
    await tx.meta.set('epoch', epoch);
    await tx.meta.set('serverSecret', serverSecret);
    return { epoch, serverSecret };
  });
  await makeFirstProject(storage, committer);
  await storage.transaction((tx) => tx.meta.set('firstProject', 'made'));
  return identity;
}

async function makeFirstProject(storage: Storage, committer: Committer): Promise<void> {
  const projects = await storage.read((tx) => tx.projects.list());
  if (projects.length > 0) return;
  await committer.commit({
    principal: systemPrincipal('setup'),
    project: null,
    intents: [{ kind: 'project.create', input: { key: 'default', name: 'Default' } }],
    // A server that begins at the same moment waits here, and is answered as the first was.
    idempotency: { key: 'first-project', bodyHash: 'first-project' },
    respond: () => ({ status: 201, body: null }),
  });
}

async function readIdentity({ serving }: Storage): Promise<Installation | undefined> {
  const epoch = await serving.meta('epoch');
  const serverSecret = await serving.meta('serverSecret');
  return epoch === undefined || serverSecret === undefined ? undefined : { epoch, serverSecret };
}
