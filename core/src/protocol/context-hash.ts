/**
 * Which context some values are of, without saying what it is: 64 bits over its RFC 8785 JSON. No cryptographic hash:
 * it must be known before the first paint, where browsers have none, and nobody gains by two contexts that collide.
 */

/** The hash of a context, 16 hex digits. Throws a TypeError for one that is not JSON. */
export function contextHash(context: object): string {
  return textHash(canonicalText(JSON.parse(JSON.stringify(context))));
}

/** RFC 8785 JSON of a value that has come out of JSON. Written by hand, as a text: an object puts numeric keys first. */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || !value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  const members: Readonly<Record<string, unknown>> = { ...value };
  const texts = Object.keys(members)
    .sort()
    .map((name) => `${canonicalText(name)}:${canonicalText(members[name])}`);
  return `{${texts.join()}}`;
}

/** 64 bits over a text, 16 hex digits. */
export function textHash(text: string): string {
  return lane(text, 0x9e37_79b1) + lane(text, 0x85eb_ca6b);
}

/** Both steps of a round are one-to-one in the state, so two texts of one length that differ once never meet. */
function lane(text: string, factor: number): string {
  let state = factor;
  for (let at = 0; at < text.length; at++) {
    state = Math.imul(state ^ text.charCodeAt(at), factor);
    state ^= state >>> 15;
  }
  return (state >>> 0).toString(16).padStart(8, '0');
}
