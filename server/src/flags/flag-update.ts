import type { UpdateFlag } from '@dimmer/core/api';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { recordFields, sameJson } from '../changes/record-fields.ts';
import { invalid } from '../refusal.ts';
import type { FlagRow } from '../storage/flag-store.ts';
import { loadFlagView } from './flag-view.ts';
import { loadLiveFlag } from './load-flag.ts';
import { variantUses } from './variant-uses.ts';

type Words = Required<Omit<UpdateFlag, 'comment' | 'confirm'>>;

/** What a flag is: its words (which reach no ruleset), and its variants, visibility and metadata (which reach all). */
export const flagUpdate: AnyHandler = handle({
  kind: 'flag.update',
  async current(draft, { flag: key }) {
    const flag = await draft.tx.flags.byKey(draft.project.id, key);
    return flag && loadFlagView(draft.tx, flag, draft.environments);
  },
  async apply(draft, { flag: key, input, path = '' }) {
    draft.require('describe');
    const flag = await loadLiveFlag(draft, key);
    const before = wordsOf(flag);
    const after = { ...before, ...input };
    if (reachesRulesets(before, after)) draft.requireEverywhere();
    const removed = Object.keys(before.variants).filter((name) => !Object.hasOwn(after.variants, name));
    const uses = await variantUses(draft, key, removed, path);
    if (uses.length > 0) throw invalid(uses, 'VARIANT_IN_USE');
    if (!recordFields(draft, { kind: 'flag', key }, before, after)) return;
    await draft.tx.flags.update({ ...flag, ...after });
    if (!reachesRulesets(before, after)) return;
    for (const environment of draft.environments) {
      const settingsPath = `${path}/settings/${environment.key}`;
      draft.touch(environment, { kind: 'flag', key, path, settingsPath });
    }
  },
});

function wordsOf(flag: FlagRow): Words {
  const { name, description, variants, tags, owner, kind, clientVisible, metadata } = flag;
  return { name, description, variants, tags, owner, kind, clientVisible, metadata };
}

function reachesRulesets(before: Words, after: Words): boolean {
  return (
    before.clientVisible !== after.clientVisible ||
    !sameJson(before.variants, after.variants) ||
    !sameJson(before.metadata, after.metadata)
  );
}
