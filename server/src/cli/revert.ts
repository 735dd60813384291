import { createApiClient, path } from './api-client.ts';
import type { CliIo } from './io.ts';
import { write, type WriteCommandOptions } from './write.ts';

/** `dimmer revert CHANGE`: a new change set with the inverse of what that one touched. */
export async function revert(
  change: string,
  options: WriteCommandOptions & { readonly force?: boolean },
  io: CliIo,
): Promise<number> {
  const client = createApiClient(options, io);
  const target = path('projects', client.project, 'changes', change, 'revert');
  return write(client, 'POST', target, { force: options.force }, options, io);
}
