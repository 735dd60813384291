import type { Effect, EffectObject, FieldError } from '@dimmer/core/api';
import { Refusal, invalid, notFound } from '../refusal.ts';
import type { ChangeRow } from '../storage/change-store.ts';
import type { Draft } from './draft.ts';
import { currentFields } from './current-fields.ts';
import { handle } from './intent-handler.ts';
import type { AnyHandler } from './intent-handler.ts';
import { toInverse } from './inverse.ts';
import { sameJson } from './record-fields.ts';

/**
 * A revert is a new change set: the inverse of every field the change touched, through the same handlers and with
 * the same rights as if somebody had typed it. What was changed since is not overwritten unless forced.
 */
const changeRevert = handle({
  kind: 'change.revert',
  async apply(draft, { change: id }, perform) {
    draft.require('describe');
    const change = await draft.tx.changes.byId(id);
    if (!change || change.projectId !== draft.project.id) throw notFound(`change "${id}"`);
    const inverse = toInverse(change.effects);
    if (inverse.kind === 'impossible') throw impossible(inverse.effects);
    if (!draft.force) await checkUnchanged(draft, change);
    draft.reverts = id;
    for (const intent of inverse.intents) await perform(intent);
  },
});

/** Reverting. */
export const revertIntents: readonly AnyHandler[] = [changeRevert];

/** A field as it stands against what the change had made of it. */
interface Conflict {
  readonly object: EffectObject;
  readonly field: string;
  /** What the change had set. */
  readonly expected: unknown;
  readonly current: unknown;
}

async function checkUnchanged(draft: Draft, change: ChangeRow): Promise<void> {
  const conflicts: Conflict[] = [];
  for (const { object, action, field, before, after } of change.effects) {
    if (action !== 'update' || field === undefined) continue;
    const current = (await currentFields(draft, object))[field];
    if (sameJson(current, after) || sameJson(current, before)) continue;
    conflicts.push({ object, field, expected: after, current });
  }
  if (conflicts.length === 0) return;
  const errors: FieldError[] = conflicts.map(({ object, field }) => ({
    path: '',
    message: `${nameOf(object)}: "${field}" was changed since`,
  }));
  throw new Refusal(409, 'CHANGED_SINCE', {
    detail: 'Some of what this change touched was changed again. Say "force": true to revert it anyway.',
    errors,
    current: { fields: conflicts },
  });
}

function impossible(effects: readonly Effect[]): Refusal {
  return invalid(
    effects.map(({ object, action }) => ({ path: '', message: `${action} of ${nameOf(object)} cannot be reverted` })),
    'NOT_REVERTIBLE',
  );
}

function nameOf(object: EffectObject): string {
  const where = object.environment === undefined ? '' : ` in ${object.environment}`;
  return `${object.kind} "${object.key}"${where}`;
}
