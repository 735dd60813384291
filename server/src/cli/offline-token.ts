import type { SecretAnswer } from '@dimmer/core/api';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

export async function createOfflineToken(_database: string, _input: object, _io: CliIo): Promise<SecretAnswer> {
  throw new CliError(EXIT.failed, 'Not there yet.');
}
