import type { Condition } from '../model/condition.ts';
import type { WriteOptions } from './write.ts';

/** A named condition: identity per project, condition per environment. */
export interface SegmentView {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  /** By environment key. */
  readonly settings: Readonly<Record<string, SegmentSettings>>;
}

/** A segment in one environment. */
export interface SegmentSettings {
  readonly condition: Condition;
}

/** Body of `POST …/segments`; without `condition` it holds nobody. */
export interface CreateSegment extends WriteOptions {
  readonly key: string;
  readonly name?: string;
  readonly description?: string;
  /** For every environment. */
  readonly condition?: Condition;
}

/** Body of `PATCH …/segments/{segment}`. */
export interface UpdateSegment extends WriteOptions {
  readonly name?: string;
  readonly description?: string;
}

/** Body of `PATCH …/segments/{segment}/settings/{env}`. */
export interface UpdateSegmentSettings extends WriteOptions {
  readonly condition: Condition;
}
