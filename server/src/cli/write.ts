import type { WriteAnswer } from '@dimmer/core/api';
import type { ApiClient, ApiOptions } from './api-client.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { describeWrite } from './receipts-line.ts';

/** Options of every command that writes. */
export interface WriteCommandOptions extends ApiOptions {
  readonly comment?: string;
  readonly wait?: 'live';
  /** Seconds. */
  readonly timeout: number;
}

/**
 * Makes one write, prints what it did, and answers the exit code: that of failure when the running instances were
 * waited for and not all of them have applied it in time.
 */
export async function write(
  client: ApiClient,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: Readonly<Record<string, unknown>>,
  options: WriteCommandOptions,
  io: CliIo,
): Promise<number> {
  const query = options.wait === 'live' ? `?wait=live&timeoutMs=${Math.round(options.timeout * 1000)}` : '';
  const answer = await client.send<WriteAnswer>(
    method,
    path + query,
    withoutAbsent({ ...body, comment: options.comment }),
  );
  io.out(options.json ? JSON.stringify(answer, null, 2) : describeWrite(answer));
  return answer.receipts?.complete === false ? EXIT.failed : EXIT.ok;
}

/** `members` without those that are undefined: an absent member leaves things as they are. */
function withoutAbsent(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
