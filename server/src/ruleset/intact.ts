import { objectHash } from '../changes/wire.ts';
import { CannotOpenDatabase } from '../storage/cannot-open-database.ts';
import type { ServedHead } from '../storage/serving-reads.ts';
import { sumOf } from './build-ruleset.ts';

/**
 * Sees to it that what is about to be served is what was committed: SDKs believe the hashes they are sent, so a damaged
 * disk would show nowhere else.
 * @throws {CannotOpenDatabase} when it is not.
 */
export function requireIntact({ key, projectKey, version, digest, objects }: ServedHead): void {
  const broken = objects.find((row) => objectHash(row.kind, row.key, row.def) !== row.h);
  if (broken === undefined && sumOf(objects).digest === digest) return;
  const what =
    broken === undefined
      ? 'Its flags and segments are not all there'
      : `The ${broken.kind} "${broken.key}" was changed`;
  throw new CannotOpenDatabase(
    `The database is damaged: version ${version} of the environment "${key}" of the project "${projectKey}" is not what was committed. ${what}, and nothing is served from it. ${WHAT_TO_DO}`,
  );
}

const WHAT_TO_DO =
  'Keep the database as it is, see what `dimmer doctor` says, and go back to a copy with `dimmer restore`. SDKs go on with what they hold.';
