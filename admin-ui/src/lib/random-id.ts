const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Random lower-case letters and digits. `crypto.randomUUID` is missing on pages served without TLS. */
export function randomId(length = 24): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
