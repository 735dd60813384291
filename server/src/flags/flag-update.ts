import type { UpdateFlag } from '@dimmer/core/api';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { recordFields, sameJson } from '../changes/record-fields.ts';
import { invalid } from '../refusal.ts';
import type { FlagRow } from '../storage/flag-store.ts';
import { currentFlag } from './current-flag.ts';
import { loadLiveFlag, touchFlag } from './load-flag.ts';
import { variantUses } from './variant-uses.ts';

type EditableFields = Required<Omit<UpdateFlag, 'comment' | 'confirm'>>;

/** What a flag is: its words (which reach no ruleset), and its variants, visibility and metadata (which reach all). */
export const flagUpdate: AnyHandler = handle({
  kind: 'flag.update',
  current: (draft, { flag }) => currentFlag(draft, flag),
  async apply(draft, { flag: key, input, path = '' }) {
    draft.require('describe');
    const flag = await loadLiveFlag(draft, key);
    const before = editableFields(flag);
    const after = { ...before, ...input };
    if (reachesRulesets(before, after)) draft.requireEverywhere();
    const removed = Object.keys(before.variants).filter((name) => !Object.hasOwn(after.variants, name));
    const uses = await variantUses(draft, key, removed, path);
    if (uses.length > 0) throw invalid(uses, 'VARIANT_IN_USE');
    if (!recordFields(draft, { kind: 'flag', key }, before, after)) return;
    await draft.tx.flags.update({ ...flag, ...after });
    if (reachesRulesets(before, after)) touchFlag(draft, key, path);
  },
});

function editableFields(flag: FlagRow): EditableFields {
  const { name, description, variants, tags, owner, kind, clientVisible, metadata } = flag;
  return { name, description, variants, tags, owner, kind, clientVisible, metadata };
}

function reachesRulesets(before: EditableFields, after: EditableFields): boolean {
  return (
    before.clientVisible !== after.clientVisible ||
    !sameJson(before.variants, after.variants) ||
    !sameJson(before.metadata, after.metadata)
  );
}
