import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The credential in an event stream's address: browsers can send no header there. It is the same for the life of its
 * key, so that addresses stay stable; it opens notices only, and nothing after the key has ended.
 */
export function streamToken(keyId: string, serverSecret: string): string {
  return `${keyId}.${sign(keyId, serverSecret).toString('base64url')}`;
}

/** The id of the key that a token was made for; undefined when it was not made here. */
export function readStreamToken(token: string, serverSecret: string): string | undefined {
  const dot = token.lastIndexOf('.');
  const keyId = token.slice(0, Math.max(dot, 0));
  const given = Buffer.from(token.slice(dot + 1), 'base64url');
  const expected = sign(keyId, serverSecret);
  return keyId !== '' && given.length === expected.length && timingSafeEqual(given, expected) ? keyId : undefined;
}

function sign(keyId: string, serverSecret: string): Buffer {
  return createHmac('sha256', Buffer.from(serverSecret, 'hex')).update(`ofrep-events:${keyId}`).digest();
}
