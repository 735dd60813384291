import type { IncomingMessage } from 'node:http';

/** What an upgrade request asks for; undefined when that is no address, as `//` is: whoever sends it gets no further. */
export function upgradeTarget({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, HOST) ? new URL(url, HOST) : undefined;
}

const HOST = 'http://host';
