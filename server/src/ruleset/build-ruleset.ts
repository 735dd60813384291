import { createDigestSum } from '@dimmer/core/protocol';
import { buildObjects } from '../changes/environment-step.ts';
import { entryBytes } from '../changes/wire.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { ReadTx } from '../storage/storage.ts';

/** The wire state of an environment, made anew: what everything kept up to date step by step must equal. */
export interface BuiltRuleset {
  /** Flags by key, then segments by key. */
  readonly objects: readonly ObjectRow[];
  readonly digest: string;
  readonly bytes: number;
}

/** Makes an environment's wire state from its flags and segments alone. */
export async function buildRuleset(
  tx: Pick<ReadTx, 'flags' | 'segments'>,
  environment: Pick<EnvironmentRow, 'id' | 'projectId'>,
): Promise<BuiltRuleset> {
  const objects = (await buildObjects(tx, environment)).map(({ row }) => row);
  return { objects, ...sumOf(objects) };
}

/** Digest and size of objects. */
export function sumOf(objects: readonly ObjectRow[]): { readonly digest: string; readonly bytes: number } {
  const sum = createDigestSum();
  let bytes = 0;
  for (const object of objects) {
    sum.add(object.h);
    bytes += entryBytes(object);
  }
  return { digest: sum.hex(), bytes };
}
