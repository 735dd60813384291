import type { WriteOptions } from './write.ts';

/** A set of flags and environments that belong together. */
export interface Project {
  readonly key: string;
  readonly name: string;
  readonly createdAt: string;
}

/** Body of `POST /projects`. */
export interface CreateProject extends WriteOptions {
  readonly key: string;
  readonly name?: string;
}

/** Body of `PATCH /projects/{project}`. */
export interface UpdateProject extends WriteOptions {
  readonly name?: string;
}
