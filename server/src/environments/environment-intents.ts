import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { recordFields } from '../changes/record-fields.ts';
import { parseFuture } from '../changes/parse-future.ts';
import type { EnvironmentRow, EnvironmentWords } from '../storage/environment-store.ts';
import { environmentCreate } from './environment-create.ts';
import { placeOf, placeWithin, putInOrder } from './environment-order.ts';
import { toEnvironment } from './environment-view.ts';
import { removeEnvironment } from './remove-environment.ts';

const environmentUpdate = handle({
  kind: 'environment.update',
  async current(draft, { environment }) {
    return toEnvironment(draft.environment(environment));
  },
  async apply(draft, { environment: key, input, path = '' }) {
    const row = draft.environment(key);
    draft.require('change', row);
    if (input.protected !== undefined && input.protected !== row.protected) draft.require('protect');
    const place = placeOf(draft, row);
    const after: EnvironmentWords = {
      name: input.name ?? row.name,
      position: input.position === undefined ? place : placeWithin(draft, input.position, row),
      protected: input.protected ?? row.protected,
      expiresAt: expiryOf(input.expiresAt, row, draft.now, `${path}/expiresAt`),
    };
    // Its time being over deletes it, and whoever may not delete it must not bring that about.
    const endsAnew = after.expiresAt !== null && after.expiresAt !== row.expiresAt;
    if (endsAnew && row.protected) draft.require('protect');
    if (!recordFields(draft, { kind: 'environment', key }, toFields({ ...row, position: place }), toFields(after)))
      return;
    await draft.tx.environments.update(row.id, after);
    await putInOrder(draft, { ...row, ...after });
  },
});

const environmentDelete = handle({
  kind: 'environment.delete',
  async current(draft, { environment }) {
    const row = draft.environments.find(({ key }) => key === environment);
    return row && toEnvironment(row);
  },
  async apply(draft: Draft, { environment: key }) {
    const row = draft.environment(key);
    if (row.protected) draft.require('protect');
    else draft.require('change', row);
    await removeEnvironment(draft, row, draft.project.key);
    await putInOrder(draft);
    draft.effects.push({ object: { kind: 'environment', key }, action: 'delete', before: toFields(row) });
  },
});

/** Everything that can be done to environments. */
export const environmentIntents: readonly AnyHandler[] = [environmentCreate, environmentUpdate, environmentDelete];

/** Absent: as it is; null: never. */
function expiryOf(
  input: string | null | undefined,
  { expiresAt }: EnvironmentRow,
  now: number,
  path: string,
): number | null {
  return typeof input === 'string' ? parseFuture(input, now, path) : input === null ? null : expiresAt;
}

/** As the history shows them. */
function toFields({ name, position, protected: isProtected, expiresAt }: EnvironmentWords | EnvironmentRow): object {
  const until = expiresAt === null ? null : new Date(expiresAt).toISOString();
  return { name, position, protected: isProtected, expiresAt: until };
}
