import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { databasePath, openForReading, type DatabaseOptions } from './open-database.ts';

/**
 * `dimmer backup FILE`: a consistent copy, taken while the server may be running. It appears under its name only
 * when it is complete, so that a copy that was interrupted is never taken for one.
 */
export async function backup(target: string, options: DatabaseOptions, io: CliIo): Promise<void> {
  const file = databasePath(options, io);
  if (existsSync(target)) throw new CliError(EXIT.usage, `${target} exists already; a back-up never overwrites.`);
  const storage = await openForReading(file);
  const part = `${target}.part`;
  try {
    await storage.backup(part);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw new CliError(EXIT.failed, `${file} cannot be copied to ${target}: ${describe(error)}`);
  } finally {
    await storage.close();
  }
  io.out(`Copied ${file} to ${target} (${statSync(target).size.toLocaleString('en-US')} bytes).`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
