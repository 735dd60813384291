const MAX_LENGTH = 256;
const NUMERIC = /^(?:0|[1-9][0-9]*)$/;
const IDENTIFIER = /^[0-9A-Za-z-]+$/;
const DIGITS = /^[0-9]+$/;

/**
 * A version as a string whose order by code unit is SemVer 2 precedence, so that every comparison of strings
 * works on versions: numbers are preceded by their length, a release sorts after its pre-releases, and build
 * metadata is dropped. Accepts an optional v and one to three parts; undefined for anything else.
 */
export function semverKey(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [versioned = '', ...builds] = text.split('+');
  if (builds.length > 1 || (builds[0] !== undefined && !builds[0].split('.').every(isIdentifier))) return undefined;
  const start = versioned.startsWith('v') || versioned.startsWith('V') ? 1 : 0;
  const dash = versioned.indexOf('-');
  const core = versioned.slice(start, dash === -1 ? undefined : dash).split('.');
  if (core.length > 3 || !core.every((part) => NUMERIC.test(part))) return undefined;
  while (core.length < 3) core.push('0');
  const numbers = core.map(numberKey).join('');
  if (dash === -1) return `${numbers}~`;
  const identifiers = versioned.slice(dash + 1).split('.');
  if (!identifiers.every(isPrerelease)) return undefined;
  // Numeric identifiers sort below others (\u0001 < \u0002), and a shorter list below a longer one (\u0000 ends it).
  const keys = identifiers.map((id) => (DIGITS.test(id) ? `\u0001${numberKey(id)}` : `\u0002${id}\u0000`));
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
