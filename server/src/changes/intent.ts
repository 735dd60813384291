import type {
  CreateEnvironment,
  CreateFlag,
  CreateKey,
  CreateProject,
  CreateSegment,
  CreateToken,
  Role,
  SegmentSettings,
  SetRollout,
  UpdateEnvironment,
  UpdateFlag,
  UpdateProject,
  UpdateSegment,
  UpdateSettings,
  WriteOptions,
} from '@dimmer/core/api';

/** A request's own fields, without those that every write accepts. */
type Input<T> = Omit<T, keyof WriteOptions>;

/** What every intent may carry. */
interface Place {
  /** JSON Pointer of its input within the request body, in front of the paths of refusals; default `""`. */
  readonly path?: string;
  /** ETag of the object that it writes, as it was read; of one alone, `CommitRequest.ifMatch` says the same. */
  readonly ifMatch?: string | undefined;
}

/** One thing somebody wants changed. A change set is one or more of them, done together or not at all. */
export type Intent = Place &
  (
    | { readonly kind: 'project.create'; readonly input: Input<CreateProject> }
    | { readonly kind: 'project.update'; readonly project: string; readonly input: Input<UpdateProject> }
    | { readonly kind: 'project.delete'; readonly project: string }
    | { readonly kind: 'environment.create'; readonly input: Input<CreateEnvironment> }
    | { readonly kind: 'environment.update'; readonly environment: string; readonly input: Input<UpdateEnvironment> }
    | { readonly kind: 'environment.delete'; readonly environment: string }
    | { readonly kind: 'flag.create'; readonly input: Input<CreateFlag> }
    | { readonly kind: 'flag.update'; readonly flag: string; readonly input: Input<UpdateFlag> }
    | { readonly kind: 'flag.archive'; readonly flag: string }
    | { readonly kind: 'flag.restore'; readonly flag: string }
    | {
        readonly kind: 'settings.update';
        readonly flag: string;
        readonly environment: string;
        readonly input: Input<UpdateSettings>;
      }
    | {
        readonly kind: 'rollout.set';
        readonly flag: string;
        readonly environment: string;
        readonly input: Input<SetRollout>;
      }
    | { readonly kind: 'segment.create'; readonly input: Input<CreateSegment> }
    | { readonly kind: 'segment.update'; readonly segment: string; readonly input: Input<UpdateSegment> }
    | {
        readonly kind: 'segment.settings';
        readonly segment: string;
        readonly environment: string;
        readonly input: SegmentSettings;
      }
    | { readonly kind: 'segment.delete'; readonly segment: string }
    | { readonly kind: 'key.create'; readonly environment: string; readonly input: Input<CreateKey> }
    | { readonly kind: 'key.revoke'; readonly environment: string; readonly id: string; readonly afterHours?: number }
    | { readonly kind: 'token.create'; readonly input: Input<CreateToken> }
    | { readonly kind: 'token.revoke'; readonly id: string }
    | { readonly kind: 'user.create'; readonly input: NewUser }
    | { readonly kind: 'change.revert'; readonly change: string }
  );

/** Names of the intents. */
export type IntentKind = Intent['kind'];

/** The intent of one kind. */
export type IntentOf<K extends IntentKind> = Extract<Intent, { readonly kind: K }>;

/** A person to be, with the password already hashed. */
export interface NewUser {
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
  /** SHA-256 of the set-up token: uses it up in the same transaction, and is refused when it is used up already. */
  readonly setupTokenHash?: string;
}
