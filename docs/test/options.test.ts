import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCommands, type HelpOfCommand } from './command-tree.ts';
import { rows, section } from './markdown-table.ts';
import { ROOT } from './page-runner.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/cli.md');
const settings = rows(section(read('docs/operations.md'), 'Settings'));

const WRITE = 'Options of every write';
const API = 'Options of every command over the API';

/** Long names of the options that the first cells of a text's tables name. */
function named(text: string): string[] {
  return rows(text).flatMap(([first = '']) => first.match(/--[a-z-]+/g) ?? []);
}

describe('the page of the dimmer command', () => {
  let commands: HelpOfCommand[];
  beforeAll(async () => {
    commands = await readCommands();
  });

  test('has a section for every command there is, and for no other', () => {
    const sections = [...page.matchAll(/^### `dimmer ([a-z -]+[a-z])/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
  });

  test('names exactly the options that each command has', () => {
    const write = named(section(page, WRITE));
    const wanted = Object.fromEntries(
      commands.map(({ name, options, apiOptions }) => {
        const isWrite = write.every((option) => options.includes(option));
        const own = options.filter((option) => !isWrite || !write.includes(option));
        return [name, { own: own.toSorted(), isWrite, overTheApi: apiOptions.length > 0 }];
      }),
    );
    const found = Object.fromEntries(
      commands.map(({ name }) => {
        const heading = page.match(new RegExp(`^### (\`dimmer ${name}(?:\`| [^a-z].*))$`, 'm'))?.[1] ?? name;
        const text = section(page, heading);
        const own = [...named(text), ...(name === 'serve' ? settings.map((row) => row[1] ?? '') : [])];
        return [
          name,
          {
            own: [...new Set(own.map((option) => option.replaceAll('`', '')))].toSorted(),
            isWrite: text.includes('(#options-of-every-write)'),
            overTheApi: text.includes('(#options-of-every-command-over-the-api)'),
          },
        ];
      }),
    );
    expect(found).toEqual(wanted);
  });

  test('names the options that every command over the API has', () => {
    const all = new Set(commands.flatMap(({ apiOptions }) => apiOptions));
    expect(named(section(page, API)).toSorted()).toEqual([...all].toSorted());
  });
});

test('the table of settings has every variable that the server reads, with its option', () => {
  const source = read('server/src/config.ts');
  const known = [...source.matchAll(/^ {2}(\w+): '(DIMMER_[A-Z_]+)',$/gm)].map(
    ([, name = '', variable = '']) =>
      `\`${variable}\` \`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\``,
  );
  expect(known.length).toBeGreaterThan(5);
  expect(settings.map(([variable, option]) => `${variable} ${option}`).toSorted()).toEqual(known.toSorted());
});

test('the table of settings says the defaults that the server has', () => {
  const source = read('server/src/config.ts');
  for (const [, name, value] of source.matchAll(/^ {4}(host|port): read\(.*\) \?\? '?([^',]+)'?,$/gm)) {
    const row = settings.find(([variable]) => variable === `\`DIMMER_${name?.toUpperCase()}\``);
    expect(row?.[2]).toBe(`\`${value}\``);
  }
});
