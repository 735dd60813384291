import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

export async function doctor(_options: object, _io: CliIo): Promise<number> {
  throw new CliError(EXIT.failed, 'Not there yet.');
}
