import type { Settings } from '@dimmer/core/api';
import { checkSettings } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { recordFields } from '../changes/record-fields.ts';
import { Refusal, invalid } from '../refusal.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { FlagRow, SettingsRow } from '../storage/flag-store.ts';
import { toSettingsView } from './flag-view.ts';
import { loadLiveFlag, loadSettings } from './load-flag.ts';
import { planRollout } from './rollout.ts';
import { warnOfEmptyAudience, warnOfRollout } from './settings-warnings.ts';
import { withSeed, withSeeds } from './seeds.ts';

/** What a flag does in one environment, member by member. */
export const settingsUpdate: AnyHandler = handle({
  kind: 'settings.update',
  current: (draft, intent) => currentSettings(draft, intent.flag, intent.environment),
  async apply(draft, { flag: key, environment: name, input, path = '' }) {
    const { environment, flag, row } = await openSettings(draft, key, name);
    // Before they become rows, which would turn other types into these.
    const wrong = checkSettings({ enabled: input.enabled, off: input.off }, Object.keys(flag.variants), path);
    if (wrong.length > 0) throw invalid(wrong);
    const { enabled, off, rules, default: serve } = { ...row, ...input };
    const after = { enabled, off, rules: withSeeds(rules, row.seed), default: withSeed(serve, row.seed) };
    await writeSettings(draft, environment, row, after, { path, settingsPath: path });
    if (input.rules !== undefined) await warnOfEmptyAudience(draft, rules, environment);
  },
});

/** A gradual rollout in one call: the audience rule and the default. */
export const rolloutSet: AnyHandler = handle({
  kind: 'rollout.set',
  current: (draft, intent) => currentSettings(draft, intent.flag, intent.environment),
  async apply(draft, { flag: key, environment: name, input, path = '' }) {
    const { environment, flag, row } = await openSettings(draft, key, name);
    const plan = planRollout(flag, row, input);
    if (plan.kind === 'invalid') {
      throw invalid(plan.errors.map((error) => ({ ...error, path: `${path}${error.path}` })));
    }
    if (plan.kind === 'would-move') throw new Refusal(422, 'WOULD_MOVE_USERS', { detail: plan.detail });
    await checkAudience(draft, input.audience ?? [], path);
    await writeSettings(draft, environment, row, plan.settings, { path, settingsPath: path });
    warnOfRollout(draft, plan.settings, environment);
    await warnOfEmptyAudience(draft, plan.settings.rules, environment);
  },
});

/** Settings that may be edited: 403, 404 and 409 for those that may not. */
async function openSettings(
  draft: Draft,
  key: string,
  name: string,
): Promise<{ readonly environment: EnvironmentRow; readonly flag: FlagRow; readonly row: SettingsRow }> {
  const environment = draft.environment(name);
  draft.require('change', environment);
  const flag = await loadLiveFlag(draft, key);
  return { environment, flag, row: await loadSettings(draft, environment, key) };
}

async function currentSettings(draft: Draft, key: string, environment: string): Promise<unknown> {
  const flag = await draft.tx.flags.byKey(draft.project.id, key);
  const settings = await draft.tx.flags.settings(draft.environment(environment).id, key);
  return flag && settings && toSettingsView(flag, settings);
}

async function writeSettings(
  draft: Draft,
  environment: EnvironmentRow,
  row: SettingsRow,
  after: Settings,
  paths: { readonly path: string; readonly settingsPath: string },
): Promise<void> {
  const { enabled, off, rules, default: serve, flag: key } = row;
  const object = { kind: 'flag-settings', key, environment: environment.key } as const;
  if (!recordFields(draft, object, { enabled, off, rules, default: serve }, after)) return;
  await draft.tx.flags.updateSettings({ ...row, ...after });
  draft.touch(environment, { kind: 'flag', key, ...paths });
}

async function checkAudience({ tx, project }: Draft, audience: readonly string[], path: string): Promise<void> {
  const known = new Set((await tx.segments.existing(project.id, audience)).map(({ key }) => key));
  const errors = audience.flatMap((segment, index) =>
    known.has(segment)
      ? []
      : [{ path: `${path}/audience/${index}`, message: `There is no segment "${segment}"`, code: 'UNKNOWN_SEGMENT' }],
  );
  if (errors.length > 0) throw invalid(errors);
}
