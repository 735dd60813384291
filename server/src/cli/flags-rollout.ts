import { createApiClient, path } from './api-client.ts';
import type { CliIo } from './io.ts';
import { write, type WriteCommandOptions } from './write.ts';

interface RolloutOptions extends WriteCommandOptions {
  readonly env: string;
  /** False with `--no-audience`. */
  readonly audience?: readonly string[] | false;
  readonly enable?: boolean;
  readonly by?: string;
  readonly variant?: string;
  readonly otherwise?: string;
  readonly replace?: boolean;
}

/** `dimmer flags rollout KEY PERCENT --env ENV`: a gradual rollout in one call and one version. */
export async function flagsRollout(key: string, percent: number, options: RolloutOptions, io: CliIo): Promise<number> {
  const client = createApiClient(options, io);
  const { audience, by, variant, otherwise, replace } = options;
  const body = {
    percent,
    enabled: options.enable,
    audience: audience === false ? [] : audience,
    by,
    variant,
    otherwise,
    replace,
  };
  const rollout = path('projects', client.project, 'flags', key, 'settings', options.env, 'rollout');
  return write(client, 'PUT', rollout, body, options, io);
}
