import { createApiClient, path, type ApiOptions } from './api-client.ts';
import type { CliIo } from './io.ts';

/** `dimmer token revoke ID`. */
export async function tokenRevoke(id: string, options: ApiOptions, io: CliIo): Promise<void> {
  const answer = await createApiClient(options, io).send<unknown>('DELETE', path('tokens', id));
  io.out(options.json ? JSON.stringify(answer, null, 2) : `Token ${id} is refused from now on.`);
}
