const EPOCH = new Float64Array(1);

/** Epoch milliseconds of a full RFC 3339 date-time, cut to whole milliseconds; undefined for anything else. */
export function parseDateTime(text: string): number | undefined {
  return readDateTime(text) ? EPOCH[0] : undefined;
}

/**
 * How a full RFC 3339 date-time stands to a moment in epoch milliseconds: -1 before, 0 at, 1 after; undefined for any
 * other text. Reads the text where it stands and hands on only small integers, so that asking allocates nothing.
 */
export function compareDateTime(text: string, bound: number): -1 | 0 | 1 | undefined {
  if (!readDateTime(text)) return undefined;
  const epoch = EPOCH[0] ?? 0;
  if (epoch === bound) return 0;
  return epoch < bound ? -1 : 1;
}

/** Reads a date-time into `EPOCH`; false when the text is none. */
function readDateTime(text: string): boolean {
  // The shortest is 2000-01-01T00:00:00Z.
  if (text.length < 20 || !hasMarks(text)) return false;
  const days = daysOf(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (days === NO_DAY || !isTime(hour, minute) || second < 0 || second > 60) return false;
  let at = 19;
  let milliseconds = 0;
  if (text.charCodeAt(at) === DOT) {
    const start = at + 1;
    at = endOfDigits(text, start);
    if (at === start) return false;
    for (let index = 0; index < 3; index += 1) {
      milliseconds = milliseconds * 10 + (start + index < at ? digits(text, start + index, 1) : 0);
    }
  }
  const offset = offsetAt(text, at);
  if (offset === NO_OFFSET) return false;
  EPOCH[0] = days * 86_400_000 + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds;
  return true;
}

const NO_DAY = -0x80000000;
const NO_OFFSET = -0x80000000;
const DOT = 0x2e;
const DASH = 0x2d;
const COLON = 0x3a;
const PLUS = 0x2b;

function hasMarks(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    (text.charCodeAt(10) | 0x20) === 0x74 &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** The number that `count` digits make; below 0 when they are not all digits. */
function digits(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    // Beyond the end it is not a number, so it is asked for what it must be.
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (digits(text, at, 1) >= 0) at += 1;
  return at;
}

function isTime(hour: number, minute: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

/** Minutes east of UTC, from a Z or ±hh:mm that ends the text. */
function offsetAt(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if ((sign | 0x20) === 0x7a) return text.length === at + 1 ? 0 : NO_OFFSET;
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NO_OFFSET;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (!isTime(hours, minutes)) return NO_OFFSET;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
}

/** Days since 1970 in the calendar of today, which RFC 3339 extends to the year 0. */
function daysOf(year: number, month: number, day: number): number {
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NO_DAY;
  // Years begin in March, so that the day a leap year has more is the last of one.
  const shifted = month > 2 ? year : year - 1;
  const sinceMarch = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + sinceMarch + day - 1 - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
