import type { CreateToken, SecretAnswer } from '@dimmer/core/api';
import { createChangeFeed } from '../changes/change-feed.ts';
import { composeCommitter } from '../compose/create-committer.ts';
import { databaseName } from '../config.ts';
import { initialise } from '../environments/first-start.ts';
import { systemPrincipal } from '../policy/principal.ts';
import { Refusal } from '../refusal.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { openToWrite } from './open-database.ts';
import { readSettings } from './settings.ts';

/**
 * Makes a token through the one door, in a database that no server is working with. The first token of an
 * installation can be made this way, before anybody has an account.
 */
export async function createOfflineToken(
  databaseUrl: string,
  input: Pick<CreateToken, 'name' | 'role' | 'expiresAt'>,
  io: CliIo,
): Promise<SecretAnswer> {
  const config = readSettings({ databaseUrl }, io);
  const storage = await openToWrite(
    config.databaseUrl,
    `A server is running on ${databaseName(config)}. Make the token over its API: set DIMMER_URL and DIMMER_TOKEN and leave --database-url away.`,
    io,
  );
  try {
    // There is nobody to hear of it.
    const committer = composeCommitter(
      storage,
      createChangeFeed(() => {}),
      Date.now,
    );
    await initialise(storage, committer);
    const { changeId, created } = await committer.commit({
      principal: systemPrincipal('command-line'),
      project: null,
      intents: [{ kind: 'token.create', input }],
    });
    if (created?.secret === undefined) throw new Error('no token was made');
    return { id: created.id, changeId, key: created.secret };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fields = (error.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`);
    throw new CliError(EXIT.refused, `${error.detail} (${error.code})${fields.join('')}`);
  } finally {
    await storage.close();
  }
}
