import type { Command } from 'commander';
import type { CliIo } from './io.ts';
import { numberBetween, withDatabaseOption, withExamples } from './options.ts';
import type { SetExitCode } from './tree.ts';

/** `backup`, `restore`, `doctor`, `epoch rotate`, `owner reset-link`: they open the database themselves. */
export function addDatabaseCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const backup = program
    .command('backup')
    .description('copy the database to a file, and examine the copy; the server may be running')
    .argument('<file>', 'where to; must not exist yet, or is a folder, in which the copy is named after the time')
    .option('--keep <number>', 'in a folder: keep this many copies, and remove the oldest', numberBetween(1, 10_000));
  withExamples(
    withDatabaseOption(backup),
    'dimmer backup dimmer-today.db',
    'dimmer backup /var/backups/dimmer --keep 14',
  ).action(async (file, options) => setExitCode(await (await import('./backup.ts')).backup(file, options, io)));
  const restore = program
    .command('restore')
    .description('go back to a copy; the server must be stopped, and what is replaced is kept')
    .argument('<file>', 'a copy made by `dimmer backup`, or of the file of a stopped server')
    .option('--force', 'also when the doctor finds something wrong with it, unless the file itself is damaged')
    .option('--json', 'print what was done as JSON');
  withExamples(withDatabaseOption(restore), 'dimmer restore dimmer-today.db').action(async (file, options) =>
    (await import('./restore.ts')).restore(file, options, io),
  );
  const doctor = program
    .command('doctor')
    .description('check the database: integrity, versions, digests, audit chain, rights; the server may be running')
    .option('--json', 'print what was found as JSON');
  withExamples(withDatabaseOption(doctor), 'dimmer doctor --database-url file:dimmer-today.db').action(
    async (options) => setExitCode(await (await import('./doctor.ts')).doctor(options, io)),
  );
  addEpoch(program, io);
  addOwner(program, io);
}

function addEpoch(program: Command, io: CliIo): void {
  const epoch = program.command('epoch').description('what tells the versions of one database from those of another');
  const rotate = epoch
    .command('rotate')
    .description('make every SDK take a whole state: after a database was put back by other means than `restore`');
  withExamples(withDatabaseOption(rotate), 'dimmer epoch rotate --database-url postgres://dimmer@db/dimmer').action(
    async (options) => (await import('./epoch-rotate.ts')).epochRotate(options, io),
  );
}

function addOwner(program: Command, io: CliIo): void {
  const owner = program.command('owner').description('the account that owns the installation');
  const link = withDatabaseOption(
    owner
      .command('reset-link')
      .description(
        'print a one-time link to a new password, good for 30 minutes; the server must be stopped on SQLite',
      ),
  ).option('--public-url <url>', 'what the link begins with (default: DIMMER_PUBLIC_URL, else http://localhost:8420)');
  withExamples(link, 'dimmer owner reset-link', 'dimmer owner reset-link --database-url file:data/dimmer.db').action(
    async (options) => (await import('./owner-reset-link.ts')).ownerResetLink(options, io),
  );
}
