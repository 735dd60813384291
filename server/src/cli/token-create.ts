import type { CreateToken, Role, SecretAnswer } from '@dimmer/core/api';
import { createApiClient, type ApiOptions } from './api-client.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { DatabaseOptions } from './open-database.ts';
import { toInstant } from './time-option.ts';

type TokenInput = Pick<CreateToken, 'name' | 'role' | 'expiresAt'>;

interface TokenCreateOptions extends ApiOptions, DatabaseOptions {
  readonly name: string;
  readonly role: Role;
  readonly expires?: string;
}

/**
 * `dimmer token create`. The secret alone goes to the standard output, so that `TOKEN=$(dimmer token create …)` works;
 * the rest is said beside it.
 */
export async function tokenCreate(options: TokenCreateOptions, io: CliIo): Promise<void> {
  const expiresAt = options.expires === undefined ? undefined : toInstant('--expires', options.expires);
  const { name, role } = options;
  const input: TokenInput = { name, role, ...(expiresAt !== undefined && { expiresAt }) };
  const answer = await create(input, options, io);
  if (options.json) return io.out(JSON.stringify(answer, null, 2));
  if (answer.key === undefined) throw new CliError(EXIT.unreachable, 'The server answered without the secret.');
  io.out(answer.key);
  io.err(`Token "${name}" with the role ${role}, id ${answer.id}. Shown once: keep it like a password.`);
}

async function create(input: TokenInput, options: TokenCreateOptions, io: CliIo): Promise<SecretAnswer> {
  const databaseUrl = options.databaseUrl ?? options.database;
  if (databaseUrl === undefined) return createApiClient(options, io).send<SecretAnswer>('POST', '/tokens', input);
  const { createOfflineToken } = await import('./offline-token.ts');
  return createOfflineToken(databaseUrl, input, io);
}
