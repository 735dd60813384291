import { existsSync } from 'node:fs';
import { inviteToReset, RESET_LINK_MS } from '../auth/reset-link.ts';
import { databaseFile, databaseName, publicUrlOf } from '../config.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { openToWrite, type DatabaseOptions } from './open-database.ts';
import { readSettings } from './settings.ts';

interface ResetLinkOptions extends DatabaseOptions {
  readonly publicUrl?: string;
}

/**
 * `dimmer owner reset-link`: the way back in for an owner who forgot the password. The link alone goes to the standard
 * output; the rest is said beside it.
 */
export async function ownerResetLink(options: ResetLinkOptions, io: CliIo): Promise<void> {
  const databaseUrl = options.databaseUrl ?? options.database;
  const config = readSettings({ databaseUrl, publicUrl: options.publicUrl }, io);
  const name = databaseName(config);
  if (!isPostgresUrl(config.databaseUrl) && !existsSync(databaseFile(config))) {
    throw new CliError(EXIT.usage, `There is no database at ${name}.`);
  }
  const storage = await openToWrite(
    config.databaseUrl,
    `A server is running on ${name}. Stop it, make the link, and start it again. SDKs go on with what they hold.`,
    io,
  );
  try {
    const made = await inviteToReset(storage);
    if (made === undefined) {
      throw new CliError(
        EXIT.refused,
        `${name} has no account yet: start the server, and open the link that it prints.`,
      );
    }
    const hash = new URLSearchParams({ reset: made.token, email: made.email });
    io.out(`${publicUrlOf(config, config.port)}/setup#${hash.toString()}`);
    const minutes = RESET_LINK_MS / 60_000;
    io.err(
      `Start the server and open the link: it sets a new password for ${made.email}, once, within ${minutes} minutes.`,
    );
  } finally {
    await storage.close();
  }
}
