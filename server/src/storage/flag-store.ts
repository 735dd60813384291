import type { FlagKind, Settings } from '@dimmer/core/api';
import type { FlagType, Meta, Variant } from '@dimmer/core/model';

/** A flag as stored, once per project. Archived ones stay. */
export interface FlagRow {
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly type: FlagType;
  readonly kind: FlagKind;
  readonly variants: Readonly<Record<string, Variant>>;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly clientVisible: boolean;
  readonly metadata: Meta;
  readonly createdAt: number;
  readonly archivedAt: number | null;
  /** The last change of anything about it, in any environment. */
  readonly changedAt: number;
  /** Name of the actor of that change. */
  readonly changedBy: string;
}

/** What one flag does in one environment; there is a row for every flag and environment, archived or not. */
export interface SettingsRow extends Settings {
  readonly environmentId: string;
  readonly flag: string;
  /** Eight ASCII characters that rollouts of this flag hash with here. */
  readonly seed: string;
}

/** Settings as they lie there: JSON texts unparsed, for the list of thousands. */
export interface RawSettingsRow {
  readonly environmentId: string;
  readonly flag: string;
  readonly enabled: boolean;
  readonly off: string | null;
  readonly rules: string;
  readonly default: string;
  readonly seed: string;
}

export interface FlagFilter {
  readonly archived: boolean;
  /** Keys after this one. */
  readonly after?: string;
  readonly limit?: number;
}

export interface FlagReads {
  byKey(projectId: string, key: string): Promise<FlagRow | undefined>;
  /** By key. */
  list(projectId: string, filter: FlagFilter): Promise<FlagRow[]>;
  /** Keys of all that are not archived and among these. */
  existing(projectId: string, keys: readonly string[]): Promise<FlagRow[]>;
  settings(environmentId: string, flag: string): Promise<SettingsRow | undefined>;
  /** Of one flag in these environments. */
  settingsOf(flag: string, environmentIds: readonly string[]): Promise<SettingsRow[]>;
  /** Of every flag, archived or not, in one environment. */
  settingsIn(environmentId: string): Promise<SettingsRow[]>;
  /** Of every flag in these environments. */
  rawSettings(environmentIds: readonly string[]): Promise<RawSettingsRow[]>;
}

export interface FlagStore extends FlagReads {
  insert(row: FlagRow): Promise<void>;
  /** Replaces all but `projectId`, `key`, `type` and `createdAt`. */
  update(row: FlagRow): Promise<void>;
  /** Records who changed anything about a flag last. */
  markChanged(projectId: string, key: string, at: number, by: string): Promise<void>;
  insertSettings(rows: readonly SettingsRow[]): Promise<void>;
  /** Replaces all but the key fields and the seed. */
  updateSettings(row: SettingsRow): Promise<void>;
  /** Removes those of a deleted environment. */
  deleteSettings(environmentId: string): Promise<void>;
}
