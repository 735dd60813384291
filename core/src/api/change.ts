import type { SetRollout, UpdateSettings } from './settings.ts';
import type { SegmentSettings } from './segment.ts';
import type { WriteOptions } from './write.ts';

/** One entry of the history: a change set with what it touched, before and after. */
export interface ChangeView {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly comment: string | null;
  /** The version it made in each environment. */
  readonly versions: Readonly<Record<string, number>>;
  readonly effects: readonly Effect[];
  /** Id of the change that this one reverted. */
  readonly reverts?: string;
}

/** Who did it. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'system';
  readonly id: string;
  /** E-mail of a person, name of a token, `setup` or `demo`. */
  readonly name: string;
}

/** One field of one object, before and after; absent means it did not exist. */
export interface Effect {
  readonly object: EffectObject;
  /** `create` and `archive` name the object as a whole; else one row for each field. */
  readonly action: 'create' | 'update' | 'archive' | 'restore' | 'delete';
  /** Name of the field changed, with `update`. */
  readonly field?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What an effect is about. */
export type EffectObject =
  | {
      readonly kind: 'project' | 'environment' | 'flag' | 'segment' | 'key' | 'token' | 'user';
      readonly key: string;
      readonly environment?: string;
    }
  | { readonly kind: 'flag-settings' | 'segment-settings'; readonly key: string; readonly environment: string };

/** Body of `POST …/environments/{env}/change-sets`: applied as one version. */
export interface ChangeSetRequest extends WriteOptions {
  readonly changes: readonly RequestedChange[];
}

/** One change of a change set. */
export type RequestedChange = ChangedObject & {
  /** ETag of the settings as they were read; 412 when they are other ones by now, whatever else the change set does to them. */
  readonly ifMatch?: string;
};

type ChangedObject =
  | { readonly flag: string; readonly settings: Omit<UpdateSettings, keyof WriteOptions> }
  | { readonly flag: string; readonly rollout: Omit<SetRollout, keyof WriteOptions> }
  | { readonly segment: string; readonly settings: SegmentSettings };

/** Body of `POST …/changes/{id}/revert`. */
export interface RevertRequest extends WriteOptions {
  /** Revert also fields that were changed since. */
  readonly force?: boolean;
}
