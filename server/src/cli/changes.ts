import type { ChangeView } from '@dimmer/core/api';
import { createApiClient, path, type ApiOptions } from './api-client.ts';
import { describeEffects } from './effect-text.ts';
import type { CliIo } from './io.ts';
import { pages } from './pages.ts';
import { table } from './table.ts';
import { toInstant } from './time-option.ts';

interface ChangesOptions extends ApiOptions {
  readonly env?: string;
  readonly flag?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly limit: number;
}

/** `dimmer changes`: the history, newest first. */
export async function changes(options: ChangesOptions, io: CliIo): Promise<void> {
  const client = createApiClient(options, io);
  const query = new URLSearchParams({ limit: String(Math.min(options.limit, 100)) });
  if (options.env !== undefined) query.set('environment', options.env);
  if (options.flag !== undefined) query.set('flag', options.flag);
  if (options.actor !== undefined) query.set('actor', options.actor);
  if (options.since !== undefined) query.set('since', toInstant('--since', options.since));
  const items = await pages<ChangeView>(
    client,
    `${path('projects', client.project, 'changes')}?${query.toString()}`,
    options.limit,
  );
  if (options.json) return io.out(JSON.stringify(items, null, 2));
  if (items.length === 0) return io.out('No changes.');
  io.out(table([['CHANGE', 'WHEN (UTC)', 'WHO', 'VERSIONS', 'WHAT'], ...items.map(line)]));
}

function line(change: ChangeView): string[] {
  const versions = Object.entries(change.versions).map(([environment, version]) => `${environment} ${version}`);
  const what = describeEffects(change.effects);
  return [
    change.id,
    change.at.slice(0, 19).replace('T', ' '),
    change.actor.name,
    versions.join(', '),
    change.comment === null ? what : `${what} ("${change.comment}")`,
  ];
}
