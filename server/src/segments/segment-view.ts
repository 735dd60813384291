import type { SegmentSettings, SegmentView } from '@dimmer/core/api';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { SegmentRow, SegmentSettingsRow } from '../storage/segment-store.ts';

/** A segment as the API shows it. */
export function toSegmentView(
  segment: SegmentRow,
  environments: readonly EnvironmentRow[],
  rows: readonly SegmentSettingsRow[],
): SegmentView {
  const settings: Record<string, SegmentSettings> = {};
  for (const { id, key } of environments) {
    const row = rows.find((candidate) => candidate.environmentId === id && candidate.segment === segment.key);
    if (row) settings[key] = { condition: row.condition };
  }
  const { key, name, description, createdAt } = segment;
  return { key, name, description, createdAt: new Date(createdAt).toISOString(), settings };
}
