import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { refuseInUse } from '../changes/refuse-in-use.ts';
import { conflict } from '../refusal.ts';
import { currentFlag, currentLiveFlag } from './current-flag.ts';
import { loadFlag, touchFlag } from './load-flag.ts';

const STILL_EVALUATED_MS = 7 * 24 * 3_600_000;

/** Takes a flag out of every ruleset. Its key stays reserved, its settings and seeds are kept. */
export const flagArchive: AnyHandler = handle({
  kind: 'flag.archive',
  current: (draft, { flag }) => currentLiveFlag(draft, flag),
  async apply(draft, { flag: key, path = '' }) {
    const flag = await loadFlag(draft, key);
    draft.requireEverywhere();
    if (flag.archivedAt !== null) return;
    await refuseInUse(draft, 'flag', key);
    if (!draft.force) await checkNotEvaluated(draft, key);
    await draft.tx.flags.update({ ...flag, archivedAt: draft.now });
    draft.effects.push({ object: { kind: 'flag', key }, action: 'archive' });
    touchFlag(draft, key, path);
  },
});

/** Brings an archived flag back, with its settings and seeds, disabled everywhere. */
export const flagRestore: AnyHandler = handle({
  kind: 'flag.restore',
  current: (draft, { flag }) => currentFlag(draft, flag),
  async apply(draft, { flag: key, path = '' }) {
    draft.require('describe');
    const flag = await loadFlag(draft, key);
    if (flag.archivedAt === null) return;
    await draft.tx.flags.update({ ...flag, archivedAt: null });
    draft.effects.push({ object: { kind: 'flag', key }, action: 'restore' });
    for (const environment of draft.environments) {
      const settings = await draft.tx.flags.settings(environment.id, key);
      if (!settings?.enabled) continue;
      await draft.tx.flags.updateSettings({ ...settings, enabled: false });
      const object = { kind: 'flag-settings', key, environment: environment.key } as const;
      draft.effects.push({ object, action: 'update', field: 'enabled', before: true, after: false });
    }
    touchFlag(draft, key, path);
  },
});

async function checkNotEvaluated({ tx, environmentIds, now }: Draft, key: string): Promise<void> {
  const last = await tx.usage.lastEvaluated(environmentIds, key);
  if (last === undefined || last < now - STILL_EVALUATED_MS) return;
  const lastEvaluatedAt = new Date(last).toISOString();
  const detail = `Code asked for "${key}" at ${lastEvaluatedAt}. Archive it when no code does, or with force=true.`;
  throw conflict('STILL_EVALUATED', detail, { lastEvaluatedAt });
}
