import type { FlagView } from '@dimmer/core/api';

interface Snippet {
  readonly id: string;
  readonly name: string;
  readonly code: (flag: FlagView, url: string) => string;
}

/** Code that asks for a flag, ready to paste. Code is the same in every language. */
export const SNIPPETS: readonly Snippet[] = [
  { id: 'node', name: 'Node.js', code: node },
  { id: 'browser', name: 'Browser', code: browser },
  { id: 'openfeature', name: 'OpenFeature', code: openFeature },
  { id: 'ofrep', name: 'curl', code: curl },
];

function node(flag: FlagView, url: string): string {
  return `import { createClient } from '@dimmer/sdk-node';

const flags = createClient({ url: '${url}', key: process.env.DIMMER_KEY });
await flags.ready();

${ask(flag, '{ targetingKey: user.id }')}`;
}

function browser(flag: FlagView, url: string): string {
  return `import { createClient } from '@dimmer/sdk-browser';

const flags = createClient({ url: '${url}', key: 'dmr_cli_…', context: { targetingKey: user.id } });
await flags.ready();

${ask(flag, null)}`;
}

function openFeature(flag: FlagView, url: string): string {
  const method = { boolean: 'Boolean', string: 'String', number: 'Number', object: 'Object' }[flag.type];
  return `import { OpenFeature } from '@openfeature/server-sdk';
import { DimmerProvider } from '@dimmer/sdk-node/openfeature';

await OpenFeature.setProviderAndWait(new DimmerProvider({ url: '${url}', key: process.env.DIMMER_KEY }));

const value = await OpenFeature.getClient().get${method}Value('${flag.key}', ${fallbackOf(flag)}, { targetingKey: user.id });`;
}

function curl(flag: FlagView, url: string): string {
  return `curl -s ${url}/ofrep/v1/evaluate/flags/${flag.key} \\
  -H "Authorization: Bearer $DIMMER_KEY" -H 'Content-Type: application/json' \\
  -d '{"context":{"targetingKey":"user-1"}}'`;
}

function ask(flag: FlagView, context: string | null): string {
  const rest = context === null ? '' : `, ${context}`;
  if (flag.type === 'boolean') {
    return `if (flags.isEnabled('${flag.key}'${rest})) {
  // the new way
}`;
  }
  return `const value = flags.value('${flag.key}', ${fallbackOf(flag)}${rest});`;
}

function fallbackOf(flag: FlagView): string {
  return { boolean: 'false', string: "''", number: '0', object: '{}' }[flag.type];
}
