import { type Command, InvalidArgumentError, Option } from 'commander';

/** Adds what every command over the HTTP API takes. */
export function withApiOptions(command: Command): Command {
  return command
    .optionsGroup('Options of every command over the API:')
    .option('--project <key>', 'project', 'default')
    .option('--url <url>', 'server (default: DIMMER_URL, else http://localhost:8420)')
    .option('--token <token>', 'API token (better: DIMMER_TOKEN, which other users of the machine cannot see)')
    .option('--json', 'print the answer of the API');
}

/** Adds what every write takes: a comment, and waiting for the running instances. */
export function withWriteOptions(command: Command): Command {
  return command
    .option('--comment <text>', 'stored with the change')
    .addOption(new Option('--wait <what>', 'wait until running instances have applied it').choices(['live']))
    .option('--timeout <seconds>', 'how long to wait', numberBetween(0, 60), 5);
}

/** The environment a command is about: always named, for a wrong guess would be a release. */
export function environmentOption(): Option {
  return new Option('--env <key>', 'environment').makeOptionMandatory();
}

/** Adds the database to use, for the commands that open it themselves. */
export function withDatabaseOption(command: Command, description: string = DATABASE): Command {
  const formerName = new Option('--database <url>').hideHelp();
  return command.option('--database-url <url>', description).addOption(formerName);
}

const DATABASE = 'database to use (default: DIMMER_DATABASE_URL, else file:data/dimmer.db)';

/** Adds, at the end of a command's help, how it is called. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  const title = lines.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', ['', title, ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Parser of numbers within bounds. */
export function numberBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Parser of an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Parser of an option that names several keys: given several times, or with commas. */
export function collectKeys(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').map((key) => key.trim())];
}
