import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

export async function backup(_file: string, _options: object, _io: CliIo): Promise<void> {
  throw new CliError(EXIT.failed, 'Not there yet.');
}
