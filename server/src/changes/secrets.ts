import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a secret opens: SDK key of a server, of a browser, API token, set-up link, link to a new password. */
export type SecretPrefix = 'dmr_srv_' | 'dmr_cli_' | 'dmr_api_' | 'dmr_set_' | 'dmr_rst_';

/** Gives that many random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

const PREFIXES: readonly SecretPrefix[] = ['dmr_srv_', 'dmr_cli_', 'dmr_api_', 'dmr_set_', 'dmr_rst_'];
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BODY_LENGTH = 43;
const CHECK_LENGTH = 6;
const HINT_LENGTH = 12;

/** A new secret: prefix, 256 random bits in base62 (43 characters), checksum (6 characters). */
export function makeSecret(prefix: SecretPrefix, random: RandomBytes = randomBytes): string {
  const body = prefix + base62(BigInt(`0x${Buffer.from(random(32)).toString('hex')}`), BODY_LENGTH);
  return body + checksum(body);
}

/** What is stored of a secret: 64 hex digits. High entropy needs no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether two hashes of 64 hex digits are the same, in a time that tells nothing of where they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The first characters, to recognise a secret by. */
export function hintOf(secret: string): string {
  return secret.slice(0, HINT_LENGTH);
}

/** Whether this can be a secret at all: known prefix, length and checksum. Saves asking the database about typos. */
export function isWellFormed(secret: string): boolean {
  const prefix = PREFIXES.find((known) => secret.startsWith(known));
  if (!prefix || secret.length !== prefix.length + BODY_LENGTH + CHECK_LENGTH) return false;
  return secret.endsWith(checksum(secret.slice(0, -CHECK_LENGTH)));
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECK_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
