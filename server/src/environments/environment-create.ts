import { checkKey } from '@dimmer/core/model';
import { ZERO_DIGEST } from '@dimmer/core/protocol';
import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import type { IntentOf } from '../changes/intent.ts';
import { newId } from '../changes/new-id.ts';
import { parseFuture } from '../changes/parse-future.ts';
import { newSeed } from '../flags/seeds.ts';
import { usualSettings } from '../flags/usual-settings.ts';
import { conflict, invalid } from '../refusal.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { FlagRow, SettingsRow } from '../storage/flag-store.ts';
import { placeWithin, putInOrder } from './environment-order.ts';
import { toEnvironment } from './environment-view.ts';

type Create = IntentOf<'environment.create'>;

/** A new environment; its creation is its version 1, whatever it starts with. */
export const environmentCreate: AnyHandler = handle({
  kind: 'environment.create',
  async current(draft, { input }) {
    const row = draft.environments.find(({ key }) => key === input.key);
    return row && toEnvironment(row);
  },
  async apply(draft, intent) {
    const { input, path = '' } = intent;
    draft.require(input.protected === true ? 'protect' : 'add-environment');
    const source = sourceOf(draft, intent);
    const wrong = checkKey(input.key, `${path}/key`);
    if (wrong.length > 0) throw invalid(wrong);
    if (draft.environments.some(({ key }) => key === input.key)) {
      throw conflict('ALREADY_EXISTS', `There is an environment "${input.key}" already.`);
    }
    const row = newRow(draft, intent);
    await draft.tx.environments.insert(row);
    await fill(draft, row, source);
    await putInOrder(draft, row);
    draft.addedEnvironments.add(row.id);
    draft.created ??= { id: row.id };
    const { id: _id, version: _version, key, ...fields } = toEnvironment(row);
    const after = { ...fields, ...(input.copyFrom !== undefined && { copyFrom: input.copyFrom }) };
    draft.effects.push({ object: { kind: 'environment', key }, action: 'create', after });
  },
});

function sourceOf(draft: Draft, { input: { copyFrom }, path = '' }: Create): EnvironmentRow | undefined {
  if (copyFrom === undefined) return undefined;
  const source = draft.environments.find(({ key }) => key === copyFrom);
  if (!source) throw invalid([{ path: `${path}/copyFrom`, message: `there is no environment "${copyFrom}"` }]);
  return source;
}

function newRow(draft: Draft, { input, path = '' }: Create): EnvironmentRow {
  const { project, now, random } = draft;
  const { expiresAt } = input;
  return {
    id: newId('env', random),
    projectId: project.id,
    key: input.key,
    name: input.name ?? input.key,
    position: placeWithin(draft, input.position ?? draft.environments.length),
    protected: input.protected ?? false,
    expiresAt: expiresAt === undefined ? null : parseFuture(expiresAt, now, `${path}/expiresAt`),
    createdAt: now,
    version: 0,
    digest: ZERO_DIGEST,
    bytes: 0,
    committedAt: now,
  };
}

/** Every flag and segment of the project gets a row: that of the source with its seed, or what new ones have. */
async function fill(draft: Draft, row: EnvironmentRow, source: EnvironmentRow | undefined): Promise<void> {
  const { tx, project } = draft;
  const environmentId = row.id;
  if (source) {
    const flags = await tx.flags.settingsIn(source.id);
    await tx.flags.insertSettings(flags.map((settings) => ({ ...settings, environmentId })));
    const segments = await tx.segments.settingsIn(source.id);
    await tx.segments.insertSettings(segments.map((settings) => ({ ...settings, environmentId })));
    return;
  }
  const live = await tx.flags.list(project.id, { archived: false });
  const archived = await tx.flags.list(project.id, { archived: true });
  await tx.flags.insertSettings([...live, ...archived].map((flag) => newSettings(draft, flag, environmentId)));
  const segments = await tx.segments.list(project.id);
  const nobody = { any: [] };
  await tx.segments.insertSettings(segments.map(({ key }) => ({ environmentId, segment: key, condition: nobody })));
}

function newSettings({ random }: Draft, flag: FlagRow, environmentId: string): SettingsRow {
  return { environmentId, flag: flag.key, ...usualSettings(flag), seed: newSeed(random) };
}
