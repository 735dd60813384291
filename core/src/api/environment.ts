import type { WriteOptions } from './write.ts';

/** Where code runs; ordered by `position` from first to last stage. */
export interface Environment {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Place in the pipeline, from 0. */
  readonly position: number;
  readonly protected: boolean;
  /** ISO 8601; a temporary environment's end. */
  readonly expiresAt?: string;
  /** The head: number of its last change set. */
  readonly version: number;
}

/** Body of `POST /projects/{p}/environments`. */
export interface CreateEnvironment extends WriteOptions {
  readonly key: string;
  readonly name?: string;
  /** Default: last. */
  readonly position?: number;
  readonly protected?: boolean;
  readonly expiresAt?: string;
  /** Key of the environment whose settings and seeds are copied. */
  readonly copyFrom?: string;
}

/** Body of `PATCH …/environments/{env}`. */
export interface UpdateEnvironment extends WriteOptions {
  readonly name?: string;
  /** Puts it there, last if there are fewer; the others close up and make way. */
  readonly position?: number;
  readonly protected?: boolean;
  readonly expiresAt?: string | null;
}
