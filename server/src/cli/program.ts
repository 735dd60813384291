import { Command, CommanderError } from 'commander';
import { readServerVersion } from '../compose/server-version.ts';
import { addDatabaseCommands } from './database-commands.ts';
import { addEdgeCommand } from './edge-command.ts';
import { CliError, EXIT } from './exit-code.ts';
import { processIo, type CliIo } from './io.ts';
import {
  addFlagCommands,
  addHistoryCommands,
  addMigrateCommand,
  addServeCommand,
  addTokenCommands,
  type SetExitCode,
} from './tree.ts';

/**
 * Runs the `dimmer` command and says how its process should end: the one place where a failure becomes a message
 * and an exit code. A command's own file is loaded only when that command runs, so that `serve` starts quickly.
 */
export async function run(argv: readonly string[], io: CliIo = processIo()): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    // Commander has already said what is wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof CliError) {
      io.err(error.message);
      return error.exitCode;
    }
    io.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.failed;
  }
}

function createProgram(io: CliIo, setExitCode: SetExitCode): Command {
  const program = new Command('dimmer')
    .description('Feature toggles: the server, and commands over its HTTP API.')
    .version(readServerVersion(), '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText('after', EXIT_CODES);
  addServeCommand(program, io, setExitCode);
  addEdgeCommand(program, io, setExitCode);
  addDatabaseCommands(program, io, setExitCode);
  addMigrateCommand(program, io);
  addTokenCommands(program, io);
  addFlagCommands(program, io, setExitCode);
  addHistoryCommands(program, io, setExitCode);
  return program;
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  not everything hoped for: an instance is late, doctor found something
  2  wrong command line or setting
  3  the server refused
  4  the server did not answer
  5  the server cannot start: address or database in use`;
