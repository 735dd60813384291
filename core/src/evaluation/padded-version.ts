/**
 * GrowthBook's version text, which its flags were written against: a leading v and build metadata are dropped,
 * numbers are padded to five characters, and three parts alone get a `~`, so that a release sorts after its
 * pre-releases. Anything that is neither a non-empty string nor a number counts as "0".
 */
export function paddedVersion(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  const parts = (typeof text === 'string' && text !== '' ? text : '0').replaceAll(/^v|\+.*$/g, '').split(/[-.]/);
  if (parts.length === 3) parts.push('~');
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, ' ') : part)).join('-');
}
