import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

export async function serve(_options: object, _io: CliIo): Promise<number> {
  throw new CliError(EXIT.failed, 'Not there yet.');
}
