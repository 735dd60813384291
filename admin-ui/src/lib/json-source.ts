/** Where something stands in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What was expected where the text is no JSON, or what would be lost in reading it. */
export type JsonFaultKind = 'value' | 'name' | 'colon' | 'comma' | 'string' | 'end' | 'twice' | 'number' | 'deep';

export interface JsonFault {
  readonly kind: JsonFaultKind;
  readonly place: Place;
  /** The text that was found there; empty at the end of the text. */
  readonly found: string;
}

export type JsonSource =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** Where the member or entry with this JSON Pointer begins; the nearest one around it if there is none. */
      readonly placeOf: (pointer: string) => Place;
    }
  | { readonly kind: 'fault'; readonly fault: JsonFault };

/**
 * Reads JSON and remembers where everything stands. Browsers word their complaints differently and often leave out the
 * place; and they take the last of two members of one name, and round numbers, without a word: both are faults here.
 */
export function readJson(source: string): JsonSource {
  const scanner = new Scanner(source);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { kind, at } = error;
    const found = /^(?:[\p{L}\p{N}_.+-]{1,24}|.)?/u.exec(source.slice(at))?.[0] ?? '';
    return { kind: 'fault', fault: { kind, place: placeAt(source, at), found } };
  }
  return {
    kind: 'value',
    value: JSON.parse(source),
    placeOf(pointer) {
      let known = pointer;
      while (known !== '' && !scanner.offsets.has(known)) known = known.slice(0, known.lastIndexOf('/'));
      return placeAt(source, scanner.offsets.get(known) ?? 0);
    },
  };
}

class Stop extends Error {
  readonly kind: JsonFaultKind;
  readonly at: number;

  constructor(kind: JsonFaultKind, at: number) {
    super(kind);
    this.kind = kind;
    this.at = at;
  }
}

const SPACE = /[ \t\n\r]*/y;
// Inside quotes a control character has to be escaped: it is what this looks for.
// oxlint-disable-next-line no-control-regex
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
/** More than the server takes, and less than a stack. */
const MOST_LEVELS = 200;

class Scanner {
  /** By JSON Pointer: where a member's name, or an entry, begins. */
  readonly offsets = new Map<string, number>();
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): void {
    this.#space();
    this.offsets.set('', this.#at);
    this.#value('', 0);
    this.#space();
    if (this.#at < this.#source.length) throw new Stop('end', this.#at);
  }

  #value(pointer: string, level: number): void {
    if (level > MOST_LEVELS) throw new Stop('deep', this.#at);
    const first = this.#source[this.#at];
    if (first === '{') this.#list('}', (members) => this.#member(pointer, level, members));
    else if (first === '[') this.#list(']', (entries) => this.#entry(pointer, level, entries.size));
    else if (first === '"') this.#string();
    else if (this.#take(WORD) === null) this.#number();
  }

  /** Everything between two brackets; `read` answers what its part is called. */
  #list(end: string, read: (before: ReadonlySet<string>) => string): void {
    this.#at += 1;
    const names = new Set<string>();
    this.#space();
    if (this.#skip(end)) return;
    do {
      this.#space();
      names.add(read(names));
      this.#space();
    } while (this.#skip(','));
    if (!this.#skip(end)) throw new Stop('comma', this.#at);
  }

  #member(pointer: string, level: number, before: ReadonlySet<string>): string {
    const at = this.#at;
    if (this.#source[at] !== '"') throw new Stop('name', at);
    const name: string = JSON.parse(this.#string());
    if (before.has(name)) throw new Stop('twice', at);
    this.#space();
    if (!this.#skip(':')) throw new Stop('colon', this.#at);
    this.#space();
    const inner = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    this.offsets.set(inner, at);
    this.#value(inner, level + 1);
    return name;
  }

  #entry(pointer: string, level: number, index: number): string {
    this.offsets.set(`${pointer}/${index}`, this.#at);
    this.#value(`${pointer}/${index}`, level + 1);
    return String(index);
  }

  #string(): string {
    const text = this.#take(STRING);
    if (text === null) throw new Stop('string', this.#at);
    return text;
  }

  #number(): void {
    const at = this.#at;
    const text = this.#take(NUMBER);
    if (text === null) throw new Stop('value', at);
    const exact = Number.isFinite(Number(text)) && (!/^-?\d+$/.test(text) || BigInt(text) === BigInt(Number(text)));
    if (!exact) throw new Stop('number', at);
  }

  #space(): void {
    this.#take(SPACE);
  }

  #skip(character: string): boolean {
    const there = this.#source[this.#at] === character;
    if (there) this.#at += 1;
    return there;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0] ?? null;
    this.#at += text?.length ?? 0;
    return text;
  }
}

function placeAt(source: string, offset: number): Place {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
