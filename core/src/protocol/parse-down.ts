import type { Parsed } from './codec.ts';
import type { Down } from './down.ts';
import { readDown } from './read-down.ts';

/** Reads a frame from a server, saying what is wrong with one that is malformed; never throws. */
export function parseDown(frame: string): Parsed<Down> {
  try {
    const message = readDown(frame);
    return message ? { kind: 'message', message } : { kind: 'unknown', type: Object(JSON.parse(frame)).type };
  } catch (error) {
    return { kind: 'malformed', reason: error instanceof TypeError ? error.message : 'not JSON' };
  }
}
