import { ConfigError, readConfig, type Config, type ConfigFlags } from '../config.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

/** The server's settings from the environment and the command line; what is wrong with them as a usage error. */
export function readSettings(flags: ConfigFlags, io: CliIo): Config {
  try {
    return readConfig(io.env, flags, process.stdout.isTTY);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(EXIT.usage, error.message);
    throw error;
  }
}
