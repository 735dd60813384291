/**
 * Where a client is, as an opaque token: base64url of epoch (16 bytes), version (6 bytes) and digest (8 bytes).
 * Only servers look inside; a client stores it and gives it back.
 */

/** What a cursor says. */
export interface CursorFields {
  /** 32 lower-case hex digits. */
  readonly epoch: string;
  /** 0 to 2^48 - 1. */
  readonly version: number;
  /** 16 lower-case hex digits. */
  readonly digest: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CURSOR = /^[A-Za-z0-9_-]{40}$/;
const EPOCH = /^[0-9a-f]{32}$/;
const DIGEST = /^[0-9a-f]{16}$/;

/** Makes the 40 characters of a cursor; throws a RangeError for fields that are not of their shape. */
export function encodeCursor(fields: CursorFields): string {
  const { epoch, version, digest } = fields;
  if (!EPOCH.test(epoch) || !DIGEST.test(digest) || !Number.isInteger(version) || version < 0 || version >= 2 ** 48) {
    throw new RangeError(`Not a cursor: epoch "${epoch}", version ${version}, digest "${digest}"`);
  }
  // 60 hex digits are 240 bits, which is 40 characters of 6 bits: three digits become two characters.
  const hex = epoch + version.toString(16).padStart(12, '0') + digest;
  let text = '';
  for (let at = 0; at < hex.length; at += 3) {
    const bits = Number.parseInt(hex.slice(at, at + 3), 16);
    text += ALPHABET.charAt(bits >> 6) + ALPHABET.charAt(bits & 63);
  }
  return text;
}

/** Reads a cursor; null for anything that `encodeCursor` cannot have made. */
export function decodeCursor(text: string): CursorFields | null {
  if (!CURSOR.test(text)) return null;
  let hex = '';
  for (let at = 0; at < text.length; at += 2) {
    const bits = (ALPHABET.indexOf(text.charAt(at)) << 6) | ALPHABET.indexOf(text.charAt(at + 1));
    hex += bits.toString(16).padStart(3, '0');
  }
  return { epoch: hex.slice(0, 32), version: Number.parseInt(hex.slice(32, 44), 16), digest: hex.slice(44) };
}
