import type { FlagType, Variant } from '../model/flag.ts';
import type { Meta } from '../model/json.ts';
import type { Settings, SettingsView } from './settings.ts';
import type { WriteOptions } from './write.ts';

/** What a flag is for; `operational` is a kill switch that stays. */
export type FlagKind = 'release' | 'operational' | 'permission' | 'experiment';

/** A flag as stored once per project. */
export interface FlagDescription {
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
  readonly archived: boolean;
  readonly createdAt: string;
}

/** Answer of `GET …/flags/{flag}`. */
export interface FlagView extends FlagDescription {
  /** By environment key. */
  readonly settings: Readonly<Record<string, SettingsView>>;
}

/** One cell of `GET …/flags?view=matrix`. */
export interface MatrixCell {
  readonly enabled: boolean;
  /** Null when `default` is no rollout. */
  readonly percent: number | null;
  readonly audience: readonly string[];
  /** Number of rules beside the audience. */
  readonly rules: number;
}

/** One row of `GET …/flags?view=matrix`: trimmed for the list. */
export interface MatrixRow {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly type: FlagType;
  readonly kind: FlagKind;
  readonly tags: readonly string[];
  readonly owner: string | null;
  /** By environment key. */
  readonly cells: Readonly<Record<string, MatrixCell>>;
  readonly lastChange: { readonly at: string; readonly actor: string } | null;
}

/** Body of `POST …/flags`. */
export interface CreateFlag extends WriteOptions {
  readonly key: string;
  readonly name?: string;
  readonly description?: string;
  readonly type?: FlagType;
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly off?: string | null;
  readonly default?: Settings['default'];
  readonly tags?: readonly string[];
  readonly owner?: string | null;
  readonly kind?: FlagKind;
  readonly clientVisible?: boolean;
  readonly metadata?: Meta;
}

/** Body of `PATCH …/flags/{flag}`. `type` is immutable. */
export interface UpdateFlag extends WriteOptions {
  readonly name?: string;
  readonly description?: string;
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly tags?: readonly string[];
  readonly owner?: string | null;
  readonly kind?: FlagKind;
  readonly clientVisible?: boolean;
  readonly metadata?: Meta;
}

/** Answer of `GET …/environments/{env}/usage`: when each flag was last evaluated. Volatile, so a resource of its own. */
export interface UsageView {
  /** By flag key. */
  readonly flags: Readonly<Record<string, { readonly lastEvaluatedAt: string; readonly lastHour: number }>>;
  /** Keys that code asks for and nobody has made. */
  readonly unknown: Readonly<Record<string, { readonly lastAskedAt: string; readonly count: number }>>;
}
