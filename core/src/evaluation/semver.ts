import { MAX_SEMVER_LENGTH, type SemverBound } from './compare-semver.ts';

const NUMERIC = /^(?:0|[1-9][0-9]*)$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const DIGITS = /^[0-9]+$/;

/** Reads a version with an optional v and one to three parts, without its build metadata; undefined for anything else. */
export function parseSemver(text: string): SemverBound | undefined {
  if (text.length > MAX_SEMVER_LENGTH) return undefined;
  const [versioned = '', ...builds] = text.split('+');
  if (builds.length > 1 || (builds[0] !== undefined && !builds[0].split('.').every(isIdentifier))) return undefined;
  const start = versioned.startsWith('v') || versioned.startsWith('V') ? 1 : 0;
  const dash = versioned.indexOf('-');
  const numbers = versioned.slice(start, dash === -1 ? undefined : dash).split('.');
  if (numbers.length > 3 || !numbers.every((part) => NUMERIC.test(part))) return undefined;
  while (numbers.length < 3) numbers.push('0');
  const identifiers = dash === -1 ? [] : versioned.slice(dash + 1).split('.');
  return identifiers.every(isPrerelease) ? { numbers, identifiers } : undefined;
}

/**
 * A version as a string whose order by code unit is SemVer 2 precedence, so that every comparison of strings
 * works on versions: numbers are preceded by their length, and a release sorts after its pre-releases. Undefined for
 * a text that is no version.
 */
export function semverKey(text: string): string | undefined {
  const version = parseSemver(text);
  if (version === undefined) return undefined;
  const numbers = version.numbers.map(numberKey).join('');
  if (version.identifiers.length === 0) return `${numbers}~`;
  // Numeric identifiers sort below others (\u0001 < \u0002), and a shorter list below a longer one (\u0000 ends it).
  const keys = version.identifiers.map((id) => (DIGITS.test(id) ? `\u0001${numberKey(id)}` : `\u0002${id}\u0000`));
  return `${numbers}-${keys.join('')}\u0000`;
}

function numberKey(digits: string): string {
  return String.fromCharCode(0x100 + digits.length) + digits;
}

function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

function isPrerelease(text: string): boolean {
  return isIdentifier(text) && (!DIGITS.test(text) || NUMERIC.test(text));
}
