import type { EvaluateAnswer } from '@dimmer/core/api';
import { createApiClient, path, type ApiOptions } from './api-client.ts';
import { parseContext } from './context-option.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { describeTrace } from './trace-text.ts';

interface ExplainOptions extends ApiOptions {
  readonly env: string;
  readonly context?: readonly string[];
  readonly at?: number;
}

/** `dimmer explain FLAG --env ENV --context …`: the result and every step that led to it. */
export async function explain(flag: string, options: ExplainOptions, io: CliIo): Promise<void> {
  const client = createApiClient(options, io);
  const query = new URLSearchParams({ explain: 'true' });
  if (options.at !== undefined) query.set('version', String(options.at));
  const evaluate = path('projects', client.project, 'environments', options.env, 'evaluate');
  const body = { context: parseContext(options.context ?? []), flags: [flag] };
  const answer = await client.send<EvaluateAnswer>('POST', `${evaluate}?${query.toString()}`, body);
  const result = answer.results[flag];
  if (result === undefined) throw new CliError(EXIT.unreachable, `The server answered without a result for "${flag}".`);
  if (result.errorCode === 'FLAG_NOT_FOUND') {
    const where = `${options.env} at version ${answer.version}`;
    throw new CliError(EXIT.refused, `There is no flag "${flag}" in project "${client.project}" (${where}).`);
  }
  if (options.json) return io.out(JSON.stringify({ version: answer.version, ...result }, null, 2));
  const value = 'value' in result ? JSON.stringify(result.value) : "the caller's default";
  const head = [
    `${flag} in ${options.env}, version ${answer.version}`,
    `  value    ${value}${result.variant === undefined ? '' : ` (variant ${result.variant})`}`,
    `  reason   ${result.reason}${result.rule === undefined ? '' : `, rule ${result.rule}`}`,
    ...(result.errorCode === undefined ? [] : [`  error    ${result.errorCode}: ${result.errorMessage ?? ''}`]),
  ];
  io.out([...head, ...(result.trace === undefined ? [] : describeTrace(result.trace))].join('\n'));
}
