import { type Command, Option } from 'commander';
import type { CliIo } from './io.ts';
import {
  collect,
  collectKeys,
  environmentOption,
  numberBetween,
  withApiOptions,
  withDatabaseOption,
  withExamples,
  withWriteOptions,
} from './options.ts';

/** Tells the process how the command ended, when it ended well enough not to throw. */
export type SetExitCode = (code: number) => void;

/** `serve`. */
export function addServeCommand(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const serve = program
    .command('serve')
    .description('run the flag server')
    .option('--demo', 'also show the lamp wall, with SDK keys of its own')
    .optionsGroup('Settings, each also an environment variable (DIMMER_DATABASE_URL, …):')
    .option('--database-url <url>', 'file:<path> or postgres://… (default: file:data/dimmer.db)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 picks one (default: 8420)')
    .option('--public-url <url>', 'what links use (default: http://localhost:<port>)')
    .option('--admin-token <token>', 'accept this as an API token of an owner; at least 32 characters')
    .option('--trusted-proxies <addresses>', 'believe X-Forwarded-For from these, comma-separated')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--log-format <format>', 'pretty or json (default: pretty on a terminal)')
    .option('--metrics-port <number>', 'serve /metrics on a port of its own')
    .action(async (options) => setExitCode(await (await import('./serve.ts')).serve(options, io)));
  withExamples(
    serve,
    'dimmer serve --port 8080',
    'dimmer serve --host 0.0.0.0 --public-url https://flags.example.com --database-url file:/var/lib/dimmer/dimmer.db',
  );
}

/** `migrate sqlite-to-postgres`. */
export function addMigrateCommand(program: Command, io: CliIo): void {
  const migrate = program.command('migrate').description('move an installation to another database');
  const toPostgres = migrate
    .command('sqlite-to-postgres')
    .description('copy everything into an empty PostgreSQL database, and compare; no server may be running on the file')
    .requiredOption('--from <url>', 'the SQLite file, file:<path>')
    .requiredOption('--to <url>', 'the PostgreSQL database, postgres://…');
  withExamples(
    toPostgres,
    'dimmer migrate sqlite-to-postgres --from file:data/dimmer.db --to postgres://dimmer@db.example.com/dimmer',
  ).action(async (options) => (await import('./migrate.ts')).sqliteToPostgres(options, io));
}

/** `token create | list | revoke`. */
export function addTokenCommands(program: Command, io: CliIo): void {
  const token = program.command('token').description('API tokens for scripts');
  withExamples(token, 'dimmer token create --name ci --role releaser');
  const create = token
    .command('create')
    .description('make a token; prints its secret, once')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['viewer', 'developer', 'releaser', 'owner'])
        .makeOptionMandatory(),
    )
    .option('--expires <time>', 'ISO 8601 date or time after which it is refused');
  withDatabaseOption(create, 'make it in this database directly, while no server runs: the first token');
  withExamples(
    withApiOptions(create),
    'dimmer token create --name ci --role releaser --expires 2027-12-31',
    'DIMMER_TOKEN=$(dimmer token create --name first --role owner --database-url file:data/dimmer.db)',
  ).action(async (options) => (await import('./token-create.ts')).tokenCreate(options, io));
  const list = withApiOptions(token.command('list').description('list the tokens'));
  withExamples(list, 'dimmer token list').action(async (options) =>
    (await import('./token-list.ts')).tokenList(options, io),
  );
  const revoke = token.command('revoke').description('refuse a token from now on').argument('<id>', 'as list shows it');
  withExamples(withApiOptions(revoke), 'dimmer token revoke tok_0b7f4c').action(async (id, options) =>
    (await import('./token-revoke.ts')).tokenRevoke(id, options, io),
  );
}

/** `flags list | create | on | off | rollout`. */
export function addFlagCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const flags = program.command('flags').description('flags, over the HTTP API');
  withExamples(flags, 'dimmer flags list', 'dimmer flags rollout new-checkout 10 --env production --wait live');
  const list = flags.command('list').description('list the flags with their state in every environment');
  withExamples(withApiOptions(list), 'dimmer flags list --project default').action(async (options) =>
    (await import('./flags-list.ts')).flagsList(options, io),
  );
  addCreate(flags, io, setExitCode);
  for (const [name, enabled, description] of [
    ['on', true, 'enable a flag: its rules and default decide'],
    ['off', false, 'disable a flag: everybody gets its off variant'],
  ] as const) {
    const command = flags
      .command(name)
      .description(description)
      .argument('<key>', 'of the flag')
      .addOption(environmentOption());
    const example = `dimmer flags ${name} new-checkout --env production --wait live`;
    withExamples(withApiOptions(withWriteOptions(command)), example).action(async (key, options) =>
      setExitCode(await (await import('./flags-switch.ts')).flagsSwitch(enabled, key, options, io)),
    );
  }
  addRollout(flags, io, setExitCode);
}

function addCreate(flags: Command, io: CliIo, setExitCode: SetExitCode): void {
  const create = flags
    .command('create')
    .description('create a flag, disabled everywhere')
    .argument('<key>', 'what code asks for; it never changes')
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
  withExamples(
    withApiOptions(withWriteOptions(create)),
    "dimmer flags create new-checkout --name 'New checkout' --tag shop",
    `dimmer flags create theme --type string --variant 'light="light"' --variant 'dark="dark"'`,
  ).action(async (key, options) =>
    setExitCode(await (await import('./flags-create.ts')).flagsCreate(key, options, io)),
  );
}

function addRollout(flags: Command, io: CliIo, setExitCode: SetExitCode): void {
  const rollout = flags
    .command('rollout')
    .description('serve a flag to a percentage; raising it keeps everybody who had it')
    .argument('<key>', 'of the flag')
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
  withExamples(
    withApiOptions(withWriteOptions(rollout)),
    'dimmer flags rollout new-checkout 10 --env production --audience dogfood --wait live',
  ).action(async (key, percent, options) =>
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
  withExamples(withApiOptions(changes), 'dimmer changes --flag new-checkout --since 2027-01-31').action(
    async (options) => (await import('./changes.ts')).changes(options, io),
  );
  const revert = program
    .command('revert')
    .description('undo a change set, by a new one')
    .argument('<change>', 'its id, as `dimmer changes` shows it')
    .option('--force', 'also fields that were changed since');
  const example = "dimmer revert chg_0b7f4c --comment 'Too soon'";
  withExamples(withApiOptions(withWriteOptions(revert)), example).action(async (change, options) =>
    setExitCode(await (await import('./revert.ts')).revert(change, options, io)),
  );
  const explain = program
    .command('explain')
    .description('evaluate a flag and show every step')
    .argument('<flag>', 'its key')
    .addOption(environmentOption())
    .option('--context <json|key=value>', 'who is asking: a JSON object, or one attribute; several times', collect)
    .option('--at <version>', 'as it was at this version', numberBetween(1, Number.MAX_SAFE_INTEGER));
  const who = '--context targetingKey=ann --context plan=pro';
  withExamples(withApiOptions(explain), `dimmer explain new-checkout --env production ${who}`).action(
    async (flag, options) => (await import('./explain.ts')).explain(flag, options, io),
  );
}
