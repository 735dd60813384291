import type {
  CreateEnvironment,
  CreateProject,
  Environment,
  Project,
  UpdateEnvironment,
  UpdateProject,
} from '@dimmer/core/api';
import { z } from 'zod';
import { between, instant, key, name, writeOptions } from './common.ts';

/** A project. */
export const project = z
  .object({ key: z.string(), name: z.string(), createdAt: z.string() })
  .meta({ id: 'Project' }) satisfies z.ZodType<Project>;

/** Body of `POST /projects`. */
export const createProject = z
  .strictObject({ key, name: name.exactOptional(), ...writeOptions })
  .meta({ id: 'CreateProject' }) satisfies z.ZodType<CreateProject>;

/** Body of `PATCH /projects/{project}`. */
export const updateProject = z
  .strictObject({ name: name.exactOptional(), ...writeOptions })
  .meta({ id: 'UpdateProject' }) satisfies z.ZodType<UpdateProject>;

/** An environment. */
export const environment = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    position: z.number(),
    protected: z.boolean(),
    expiresAt: z.string().exactOptional(),
    version: z.int().describe('The number of its last change set.'),
  })
  .meta({ id: 'Environment' }) satisfies z.ZodType<Environment>;

const position = z.int().min(0, between(0, 10_000)).max(10_000, between(0, 10_000));

/** Body of `POST …/environments`. */
export const createEnvironment = z
  .strictObject({
    key,
    name: name.exactOptional(),
    position: position.exactOptional().describe('Default: last.'),
    protected: z.boolean().exactOptional(),
    expiresAt: instant.exactOptional(),
    copyFrom: key.exactOptional().describe('Environment whose settings and seeds are copied.'),
    ...writeOptions,
  })
  .meta({ id: 'CreateEnvironment' }) satisfies z.ZodType<CreateEnvironment>;

/** Body of `PATCH …/environments/{env}`. */
export const updateEnvironment = z
  .strictObject({
    name: name.exactOptional(),
    position: position
      .exactOptional()
      .describe('Place in the pipeline, from 0; the others close up and make way. Beyond the last: last.'),
    protected: z.boolean().exactOptional(),
    expiresAt: instant.nullable().exactOptional(),
    ...writeOptions,
  })
  .meta({ id: 'UpdateEnvironment' }) satisfies z.ZodType<UpdateEnvironment>;
