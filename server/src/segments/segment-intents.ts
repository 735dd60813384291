import type { SegmentSettings } from '@dimmer/core/api';
import { checkKey } from '@dimmer/core/model';
import type { Condition } from '@dimmer/core/model';
import type { Draft } from '../changes/draft.ts';
import { handle } from '../changes/intent-handler.ts';
import type { AnyHandler } from '../changes/intent-handler.ts';
import { recordFields } from '../changes/record-fields.ts';
import { refuseInUse } from '../changes/refuse-in-use.ts';
import { conflict, invalid, notFound } from '../refusal.ts';
import type { SegmentRow } from '../storage/segment-store.ts';
import { toSegmentView } from './segment-view.ts';

/** The condition of a segment that holds nobody. */
const NOBODY: Condition = { any: [] };

const segmentCreate = handle({
  kind: 'segment.create',
  current: (draft, { input }) => currentSegment(draft, input.key),
  async apply(draft, { input, path = '' }) {
    draft.require('describe');
    const { key, name = key, description = '', condition = NOBODY } = input;
    const wrong = checkKey(key, `${path}/key`);
    if (wrong.length > 0) throw invalid(wrong);
    const { tx, project, now, environments } = draft;
    if (await tx.segments.byKey(project.id, key)) {
      throw conflict('ALREADY_EXISTS', `There is a segment "${key}" already.`);
    }
    await tx.segments.insert({ projectId: project.id, key, name, description, createdAt: now });
    await tx.segments.insertSettings(environments.map(({ id }) => ({ environmentId: id, segment: key, condition })));
    draft.effects.push({
      object: { kind: 'segment', key },
      action: 'create',
      after: { name, description, condition },
    });
    draft.touchEverywhere({ kind: 'segment', key, path });
  },
});

const segmentUpdate = handle({
  kind: 'segment.update',
  current: (draft, { segment }) => currentSegment(draft, segment),
  async apply(draft, { segment: key, input }) {
    draft.require('describe');
    const segment = await loadSegment(draft, key);
    const { name, description } = segment;
    const after = { name, description, ...input };
    if (recordFields(draft, { kind: 'segment', key }, { name, description }, after)) {
      await draft.tx.segments.update({ ...segment, ...after });
    }
  },
});

const segmentSettings = handle({
  kind: 'segment.settings',
  async current(draft, { segment, environment }): Promise<SegmentSettings | undefined> {
    const row = await draft.tx.segments.settings(draft.environment(environment).id, segment);
    return row && { condition: row.condition };
  },
  async apply(draft, { segment: key, environment: name, input: { condition }, path = '' }) {
    const environment = draft.environment(name);
    draft.require('change', environment);
    await loadSegment(draft, key);
    const row = await draft.tx.segments.settings(environment.id, key);
    const object = { kind: 'segment-settings', key, environment: name } as const;
    if (!row || !recordFields(draft, object, { condition: row.condition }, { condition })) return;
    await draft.tx.segments.updateSettings({ environmentId: environment.id, segment: key, condition });
    draft.touch(environment, { kind: 'segment', key, path, settingsPath: path });
  },
});

const segmentDelete = handle({
  kind: 'segment.delete',
  current: (draft, { segment }) => currentSegment(draft, segment),
  async apply(draft, { segment: key, path = '' }) {
    const segment = await loadSegment(draft, key);
    draft.requireEverywhere();
    await refuseInUse(draft, 'segment', key);
    const { tx, project, environments, environmentIds } = draft;
    const { name, description, settings } = toSegmentView(
      segment,
      environments,
      await tx.segments.settingsOf([key], environmentIds),
    );
    await tx.segments.delete(project.id, key, environmentIds);
    const object = { kind: 'segment', key } as const;
    draft.effects.push({ object, action: 'delete', before: { name, description, settings } });
    draft.touchEverywhere({ kind: 'segment', key, path });
  },
});

/** Everything that can be done to segments. */
export const segmentIntents: readonly AnyHandler[] = [segmentCreate, segmentUpdate, segmentSettings, segmentDelete];

async function loadSegment({ tx, project }: Draft, key: string): Promise<SegmentRow> {
  const segment = await tx.segments.byKey(project.id, key);
  if (!segment) throw notFound(`segment "${key}" in project "${project.key}"`);
  return segment;
}

async function currentSegment(draft: Draft, key: string): Promise<unknown> {
  const { tx, project, environments, environmentIds } = draft;
  const segment = await tx.segments.byKey(project.id, key);
  return segment && toSegmentView(segment, environments, await tx.segments.settingsOf([key], environmentIds));
}
