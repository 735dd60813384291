import type { TokenView } from '@dimmer/core/api';
import { createApiClient, type ApiOptions } from './api-client.ts';
import type { CliIo } from './io.ts';
import { pages } from './pages.ts';
import { table } from './table.ts';

/** `dimmer token list`. */
export async function tokenList(options: ApiOptions, io: CliIo): Promise<void> {
  const tokens = await pages<TokenView>(createApiClient(options, io), '/tokens');
  if (options.json) return io.out(JSON.stringify(tokens, null, 2));
  if (tokens.length === 0) return io.out('No tokens.');
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.role,
    `${token.hint}…`,
    token.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
    token.expiresAt?.slice(0, 16).replace('T', ' ') ?? 'never',
  ]);
  io.out(table([['ID', 'NAME', 'ROLE', 'TOKEN', 'LAST USED (UTC)', 'EXPIRES (UTC)'], ...rows]));
}
