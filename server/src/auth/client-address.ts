import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { toBlockList } from '../config.ts';

/** Finds out who is really asking. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * The client's address: the socket's, unless that is a trusted proxy. Then X-Forwarded-For is read from its end,
 * past trusted proxies, up to the first address that somebody we trust has written down. The rest is hearsay.
 */
export function createAddressOf(trustedProxies: readonly string[]): AddressOf {
  const trusted = toBlockList(trustedProxies);
  const isTrusted = (address: string): boolean =>
    isIP(address) > 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return ({ headers, socket }) => {
    const peer = plainAddress(socket.remoteAddress);
    if (trustedProxies.length === 0 || !isTrusted(peer)) return peer;
    const header = headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
      .split(',')
      .map((hop) => plainAddress(hop.trim()));
    const client = hops.filter((hop) => hop !== 'unknown').findLast((hop) => !isTrusted(hop));
    return client ?? peer;
  };
}

/** An address as other parts compare it: IPv4 mapped into IPv6 is IPv4; `unknown` when it is none. */
export function plainAddress(address: string | undefined): string {
  const text = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  return isIP(text) > 0 ? text : 'unknown';
}
