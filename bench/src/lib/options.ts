/** What a command line asks for: words, and sizes by name. */
export interface Options {
  readonly words: readonly string[];
  /** The numbers of `--name=1,2`, or the default. */
  numbers(name: string, otherwise: readonly number[]): readonly number[];
  /** The number of `--name=1`, or the default. */
  number(name: string, otherwise: number): number;
}

/** Reads words and `--name=1,2`; throws a RangeError for anything else that begins with a dash. */
export function parseOptions(args: readonly string[]): Options {
  const given = new Map<string, readonly number[]>();
  const words: string[] = [];
  for (const argument of args) {
    if (!argument.startsWith('-')) {
      words.push(argument);
      continue;
    }
    const [, name, values] = /^--([a-z-]+)=(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)*)$/.exec(argument) ?? [];
    if (name === undefined || values === undefined) throw new RangeError(`${argument} is not of the form --name=1,2`);
    given.set(name, values.split(',').map(Number));
  }
  const numbers = (name: string, otherwise: readonly number[]): readonly number[] => given.get(name) ?? otherwise;
  return { words, numbers, number: (name, otherwise) => numbers(name, [otherwise])[0] ?? otherwise };
}
