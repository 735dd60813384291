import { createApiClient, path } from './api-client.ts';
import type { CliIo } from './io.ts';
import { write, type WriteCommandOptions } from './write.ts';

/** `dimmer flags on KEY --env ENV` and `dimmer flags off KEY --env ENV`. */
export async function flagsSwitch(
  enabled: boolean,
  key: string,
  options: WriteCommandOptions & { readonly env: string },
  io: CliIo,
): Promise<number> {
  const client = createApiClient(options, io);
  const settings = path('projects', client.project, 'flags', key, 'settings', options.env);
  return write(client, 'PATCH', settings, { enabled }, options, io);
}
