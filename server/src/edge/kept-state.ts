import { sumDigest } from '@dimmer/core/protocol';
import type { FlagEntry, SegmentEntry } from '@dimmer/core/protocol';
import type { State } from '@dimmer/core/replica';
import type { SealedFile } from './sealed-file.ts';
import type { EdgeEnvironment } from './upstream.ts';

/** What the link of an edge holds: a ruleset, as it came. */
export type EdgeState = State<'flags' | 'segments'>;

/** A ruleset, whose it is, and when it came (epoch ms). */
export interface KeptState {
  readonly environment: EdgeEnvironment;
  readonly savedAt: number;
  readonly state: EdgeState;
}

/** The same as it is written. */
export interface StateFile extends Pick<KeptState, 'environment' | 'savedAt'> {
  readonly version: number;
  readonly digest: string;
  readonly cursor: string;
  readonly flags: Readonly<Record<string, FlagEntry>>;
  readonly segments: Readonly<Record<string, SegmentEntry>>;
}

/** Reads what an earlier run kept; undefined, with a line to `say`, when that is of no use. */
export function loadState(file: SealedFile<StateFile>, say: (message: string) => void): KeptState | undefined {
  const loaded = file.load();
  if ('reason' in loaded) {
    if (loaded.reason !== undefined) say(`no state is taken from ${file.path}: ${loaded.reason}`);
    return undefined;
  }
  const { value } = loaded;
  const { environment, savedAt, version, digest, cursor } = value;
  const [flags, segments] = [Object.entries(value.flags), Object.entries(value.segments)];
  if (sumDigest([...flags, ...segments].map(([, { h }]) => h)) !== digest) {
    say(`no state is taken from ${file.path}: its objects do not add up to its digest`);
    return undefined;
  }
  const tables = { flags: new Map(flags), segments: new Map(segments) };
  return { environment, savedAt, state: { version, digest, cursor, tables } };
}

/** Writes a state down. */
export function saveState(file: SealedFile<StateFile>, { environment, savedAt, state }: KeptState): void {
  const { version, digest, cursor = '', tables } = state;
  const [flags, segments] = [Object.fromEntries(tables.flags), Object.fromEntries(tables.segments)];
  file.save({ environment, savedAt, version, digest, cursor, flags, segments });
}
