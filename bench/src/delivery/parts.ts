import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../lib/options.ts';
import type { Verdict } from '../lib/print.ts';
import { spread, type Spread } from '../lib/spread.ts';

/** What one server process was measured to do; the paper model is made of it. Absent: that part has not run. */
export interface NodeFigures {
  /** Server CPU of one socket's share of a change, its receipt included. */
  usPerMessage?: number;
  /** Of one change on the wire. */
  messageBytes?: number;
  bytesPerConnection?: number;
  /** From the commit to the last socket, by number of sockets. */
  readonly lastMs: Map<number, number>;
}

/** A part of the delivery benchmark; prints its own tables and answers with the promises it has measured. */
export type Part = (options: Options, figures: NodeFigures) => Promise<readonly Verdict[]>;

/** A folder for the time of some work. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-delivery-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One value that was not repeated. */
export function once(value: number): Spread {
  return spread([value]);
}
