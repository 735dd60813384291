import type { FlagView } from '@dimmer/core/api';
import type { Draft } from '../changes/draft.ts';
import { loadFlagView } from './flag-view.ts';

/** A flag as the API shows it now, archived or not, for `If-Match` and the new ETag; undefined when there is none. */
export async function currentFlag(draft: Draft, key: string): Promise<FlagView | undefined> {
  const flag = await draft.tx.flags.byKey(draft.project.id, key);
  return flag && loadFlagView(draft.tx, flag, draft.environments);
}

/** The same; undefined for one that is archived too, which is as good as none. */
export async function currentLiveFlag(draft: Draft, key: string): Promise<FlagView | undefined> {
  const flag = await currentFlag(draft, key);
  return flag?.archived === false ? flag : undefined;
}
