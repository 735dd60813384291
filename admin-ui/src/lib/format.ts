/** Numbers, times and lists in the reader's language. The `Intl` objects are made once per language: making them is slow. */
export interface Format {
  number(value: number): string;
  /** `12.5` gives "12.5%", in both languages without a space. */
  percent(value: number): string;
  /** "14:03:22", or with the date when it is not today. */
  time(at: string | number, now?: number): string;
  day(at: string | number): string;
  /** "3 minutes ago". */
  ago(at: string | number, now?: number): string;
  /** "a, b and c". */
  list(items: readonly string[]): string;
  /** "a, b or c". */
  either(items: readonly string[]): string;
}

const formats = new Map<string, Format>();

export function formatFor(language: string): Format {
  const known = formats.get(language);
  if (known !== undefined) return known;
  const made = createFormat(language);
  formats.set(language, made);
  return made;
}

function createFormat(language: string): Format {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'full' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const either = new Intl.ListFormat(language, { type: 'disjunction' });
  return {
    number: (value) => number.format(value),
    percent: (value) => `${number.format(value)}%`,
    time(at, now = Date.now()) {
      const date = new Date(at);
      return (date.toDateString() === new Date(now).toDateString() ? clock : moment).format(date);
    },
    day: (at) => day.format(new Date(at)),
    ago(at, now = Date.now()) {
      const { value, unit } = relativeTo(new Date(at).getTime(), now);
      return relative.format(value, unit);
    },
    list: (items) => list.format(items),
    either: (items) => either.format(items),
  };
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

function relativeTo(at: number, now: number): { value: number; unit: Intl.RelativeTimeFormatUnit } {
  // A clock that runs ahead must not say "in 2 seconds" of something that has happened.
  const seconds = Math.min(0, Math.round((at - now) / 1000));
  for (const [unit, length] of UNITS) {
    if (-seconds >= length) return { value: Math.ceil(seconds / length), unit };
  }
  return { value: seconds > -10 ? 0 : seconds, unit: 'second' };
}

/** Order of keys: the same on every machine and in every language. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
