import type { Condition } from '@dimmer/core/model';

/** A segment as stored, once per project. */
export interface SegmentRow {
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

/** A segment in one environment; there is a row for every segment and environment. */
export interface SegmentSettingsRow {
  readonly environmentId: string;
  readonly segment: string;
  readonly condition: Condition;
}

export interface SegmentReads {
  byKey(projectId: string, key: string): Promise<SegmentRow | undefined>;
  /** By key, those after `after`. */
  list(projectId: string, after?: string, limit?: number): Promise<SegmentRow[]>;
  existing(projectId: string, keys: readonly string[]): Promise<SegmentRow[]>;
  settings(environmentId: string, segment: string): Promise<SegmentSettingsRow | undefined>;
  settingsOf(segments: readonly string[], environmentIds: readonly string[]): Promise<SegmentSettingsRow[]>;
  settingsIn(environmentId: string): Promise<SegmentSettingsRow[]>;
}

export interface SegmentStore extends SegmentReads {
  insert(row: SegmentRow): Promise<void>;
  /** Replaces name and description. */
  update(row: SegmentRow): Promise<void>;
  insertSettings(rows: readonly SegmentSettingsRow[]): Promise<void>;
  updateSettings(row: SegmentSettingsRow): Promise<void>;
  /** Removes a segment and its settings in these environments. */
  delete(projectId: string, key: string, environmentIds: readonly string[]): Promise<void>;
  /** Removes those of a deleted environment. */
  deleteSettings(environmentId: string): Promise<void>;
}
