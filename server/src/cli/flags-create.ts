import type { Json } from '@dimmer/core/model';
import { createApiClient, path } from './api-client.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { write, type WriteCommandOptions } from './write.ts';

interface CreateOptions extends WriteCommandOptions {
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
  readonly variant?: readonly string[];
  readonly kind?: string;
  readonly tag?: readonly string[];
  readonly owner?: string;
  readonly clientVisible?: boolean;
}

/** `dimmer flags create KEY`. */
export async function flagsCreate(key: string, options: CreateOptions, io: CliIo): Promise<number> {
  const client = createApiClient(options, io);
  const { name, description, type, kind, tag, owner, clientVisible } = options;
  const variants = options.variant && parseVariants(options.variant);
  const body = { key, name, description, type, variants, kind, tags: tag, owner, clientVisible };
  return write(client, 'POST', path('projects', client.project, 'flags'), body, options, io);
}

/** `["small=10"]` as `{ small: { value: 10 } }`. */
function parseVariants(texts: readonly string[]): Record<string, { value: Json }> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw wrongVariant(text);
      try {
        const value: Json = JSON.parse(text.slice(at + 1));
        return [text.slice(0, at), { value }];
      } catch {
        throw wrongVariant(text);
      }
    }),
  );
}

function wrongVariant(text: string): CliError {
  return new CliError(EXIT.usage, `--variant is '${text}'; expected NAME=JSON, such as blue='"#0000ff"' or small=10`);
}
