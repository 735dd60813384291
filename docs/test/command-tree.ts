import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './page-runner.ts';

/** One command as its own help describes it. */
export interface HelpOfCommand {
  /** Such as `flags create`. */
  readonly name: string;
  /** Long names of its options, such as `--env`; not those over the API, which all such commands share. */
  readonly options: readonly string[];
  /** Long names of the options that every command over the API has. */
  readonly apiOptions: readonly string[];
}

/** Asks the built command for the help of every command it has. */
export async function readCommands(path: readonly string[] = []): Promise<HelpOfCommand[]> {
  const help = await readHelp(path);
  const parts = new Map(help.split(/\n\n(?=\S)/).map((part) => [part.split('\n')[0] ?? '', part]));
  const children = [...(parts.get('Commands:') ?? '').matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  if (children.length > 0) {
    return (await Promise.all(children.map(async (name) => readCommands([...path, name])))).flat();
  }
  const isApi = (head: string): boolean => head.startsWith('Options of every command over the API');
  const longNames = (kept: (head: string) => boolean): string[] =>
    [...parts].filter(([head]) => kept(head)).flatMap(([, part]) => optionsIn(part));
  return [{ name: path.join(' '), options: longNames((head) => !isApi(head)), apiOptions: longNames(isApi) }];
}

function optionsIn(part: string): string[] {
  return [...part.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== '--help');
}

async function readHelp(path: readonly string[]): Promise<string> {
  const command = join(ROOT, 'server/bin/dimmer.js');
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...path, '--help']);
  return stdout;
}
