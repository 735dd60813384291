import { type Command, Option } from 'commander';
import type { CliIo } from './io.ts';
import {
  collect,
  collectKeys,
  databaseOption,
  environmentOption,
  numberBetween,
  withApiOptions,
  withWriteOptions,
} from './options.ts';

/** Tells the process how the command ended, when it ended well enough not to throw. */
export type SetExitCode = (code: number) => void;

/** `serve`, `backup`, `doctor`: they open the database. */
export function addServerCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  program
    .command('serve')
    .description('run the flag server')
    .option('--demo', 'also show the lamp wall, with SDK keys of its own')
    .optionsGroup('Settings, each also an environment variable (DIMMER_DATABASE_URL, …):')
    .option('--database-url <url>', 'SQLite file (default: file:data/dimmer.db)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 picks one (default: 8420)')
    .option('--public-url <url>', 'what links use (default: http://localhost:<port>)')
    .option('--admin-token <token>', 'accept this as an API token of an owner; at least 32 characters')
    .option('--trusted-proxies <addresses>', 'believe X-Forwarded-For from these, comma-separated')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--log-format <format>', 'pretty or json (default: pretty on a terminal)')
    .option('--metrics-port <number>', 'serve /metrics on a port of its own')
    .action(async (options) => setExitCode(await (await import('./serve.ts')).serve(options, io)));
  program
    .command('backup')
    .description('copy the database to FILE; the server may be running')
    .argument('<file>', 'must not exist yet')
    .addOption(databaseOption())
    .action(async (file, options) => (await import('./backup.ts')).backup(file, options, io));
  program
    .command('doctor')
    .description('check the database: integrity, versions, digests, audit chain')
    .addOption(databaseOption())
    .action(async (options) => setExitCode(await (await import('./doctor.ts')).doctor(options, io)));
}

/** `token create | list | revoke`. */
export function addTokenCommands(program: Command, io: CliIo): void {
  const token = program.command('token').description('API tokens for scripts');
  const create = token
    .command('create')
    .description('make a token; prints its secret, once')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['viewer', 'developer', 'releaser', 'owner'])
        .makeOptionMandatory(),
    )
    .option('--expires <time>', 'ISO 8601 date or time after which it is refused')
    .option('--database <url>', 'make it in this database directly, while no server runs: the first token');
  withApiOptions(create).action(async (options) => (await import('./token-create.ts')).tokenCreate(options, io));
  withApiOptions(token.command('list').description('list the tokens')).action(async (options) =>
    (await import('./token-list.ts')).tokenList(options, io),
  );
  withApiOptions(token.command('revoke').description('refuse a token from now on').argument('<id>')).action(
    async (id, options) => (await import('./token-revoke.ts')).tokenRevoke(id, options, io),
  );
}

/** `flags list | create | on | off | rollout`. */
export function addFlagCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const flags = program.command('flags').description('flags, over the HTTP API');
  const list = flags.command('list').description('list the flags with their state in every environment');
  withApiOptions(list).action(async (options) => (await import('./flags-list.ts')).flagsList(options, io));
  addCreate(flags, io, setExitCode);
  for (const [name, enabled, description] of [
    ['on', true, 'enable a flag: its rules and default decide'],
    ['off', false, 'disable a flag: everybody gets its off variant'],
  ] as const) {
    const command = flags.command(name).description(description).argument('<key>').addOption(environmentOption());
    withApiOptions(withWriteOptions(command)).action(async (key, options) =>
      setExitCode(await (await import('./flags-switch.ts')).flagsSwitch(enabled, key, options, io)),
    );
  }
  addRollout(flags, io, setExitCode);
}

function addCreate(flags: Command, io: CliIo, setExitCode: SetExitCode): void {
  const create = flags
    .command('create')
    .description('create a flag, disabled everywhere')
    .argument('<key>')
    .option('--name <text>', 'name for people')
    .option('--description <text>', 'what it is for')
    .addOption(new Option('--type <type>', 'of its values').choices(['boolean', 'string', 'number', 'object']))
    .option('--variant <name=json>', 'a variant and its value; several times; not for boolean flags', collect)
    .addOption(
      new Option('--kind <kind>', 'its purpose').choices(['release', 'operational', 'permission', 'experiment']),
    )
    .option('--tag <tag>', 'several times, or with commas', collectKeys)
    .option('--owner <text>', 'who to ask about it')
    .option('--client-visible', 'send its value to browsers');
  withApiOptions(withWriteOptions(create)).action(async (key, options) =>
    setExitCode(await (await import('./flags-create.ts')).flagsCreate(key, options, io)),
  );
}

function addRollout(flags: Command, io: CliIo, setExitCode: SetExitCode): void {
  const rollout = flags
    .command('rollout')
    .description('serve a flag to a percentage; raising it keeps everybody who had it')
    .argument('<key>')
    .argument('<percent>', '0 to 100, three decimals', numberBetween(0, 100))
    .addOption(environmentOption())
    .option(
      '--audience <segments>',
      'segments that get it before everybody else; several times, or with commas',
      collectKeys,
    )
    .option('--no-audience', 'take the audience away')
    .option('--enable', 'enable the flag in the same change')
    .option('--by <attribute>', 'attribute that identifies (default: targetingKey)')
    .option('--variant <name>', 'what the percentage gets (default for boolean flags: on)')
    .option('--otherwise <name>', 'what the others get (default for boolean flags: off)')
    .option('--replace', 'replace a split that is no rollout, or another --by: users move');
  withApiOptions(withWriteOptions(rollout)).action(async (key, percent, options) =>
    setExitCode(await (await import('./flags-rollout.ts')).flagsRollout(key, percent, options, io)),
  );
}

/** `changes`, `revert`, `explain`. */
export function addHistoryCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const changes = program
    .command('changes')
    .description('show who changed what, newest first')
    .option('--env <key>', 'only this environment')
    .option('--flag <key>', 'only this flag')
    .option('--actor <name>', 'only by this person or token')
    .option('--since <time>', 'only from this ISO 8601 date or time on')
    .option('--limit <number>', 'how many', numberBetween(1, 1000), 20);
  withApiOptions(changes).action(async (options) => (await import('./changes.ts')).changes(options, io));
  const revert = program
    .command('revert')
    .description('undo a change set, by a new one')
    .argument('<change>', 'its id')
    .option('--force', 'also fields that were changed since');
  withApiOptions(withWriteOptions(revert)).action(async (change, options) =>
    setExitCode(await (await import('./revert.ts')).revert(change, options, io)),
  );
  const explain = program
    .command('explain')
    .description('evaluate a flag and show every step')
    .argument('<flag>')
    .addOption(environmentOption())
    .option('--context <json|key=value>', 'who is asking: a JSON object, or one attribute; several times', collect)
    .option('--at <version>', 'as it was at this version', numberBetween(1, Number.MAX_SAFE_INTEGER));
  withApiOptions(explain).action(async (flag, options) => (await import('./explain.ts')).explain(flag, options, io));
}
