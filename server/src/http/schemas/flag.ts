import type { CreateFlag, FlagView, MatrixRow, UpdateFlag, UsageView } from '@dimmer/core/api';
import { z } from 'zod';
import { description, key, name, writeOptions } from './common.ts';
import { flagType, meta, serve, variants } from './model.ts';
import { settingsView } from './settings.ts';

const kind = z.enum(['release', 'operational', 'permission', 'experiment']);
const tags = z.array(z.string().min(1).max(64)).max(50);
const owner = z.string().max(200).nullable();

/** A flag with its settings. */
export const flagView = z
  .object({
    key: z.string(),
    name: z.string(),
    description: z.string(),
    type: flagType,
    kind,
    variants,
    tags: z.array(z.string()),
    owner: z.string().nullable(),
    clientVisible: z.boolean(),
    metadata: meta,
    archived: z.boolean(),
    createdAt: z.string(),
    settings: z.record(z.string(), settingsView).describe('By environment key.'),
  })
  .meta({ id: 'Flag' }) satisfies z.ZodType<FlagView>;

const matrixCell = z
  .object({
    enabled: z.boolean(),
    percent: z.number().nullable(),
    audience: z.array(z.string()),
    rules: z.int().describe('Number of rules beside the audience.'),
  })
  .meta({ id: 'MatrixCell' });

/** A flag trimmed for the list. */
export const matrixRow = z
  .object({
    key: z.string(),
    name: z.string(),
    description: z.string(),
    type: flagType,
    kind,
    tags: z.array(z.string()),
    owner: z.string().nullable(),
    cells: z.record(z.string(), matrixCell).describe('By environment key.'),
    lastChange: z.object({ at: z.string(), actor: z.string() }).nullable(),
  })
  .meta({ id: 'MatrixRow' }) satisfies z.ZodType<MatrixRow>;

const editable = {
  name: name.exactOptional(),
  description: description.exactOptional(),
  variants: variants.exactOptional(),
  tags: tags.exactOptional(),
  owner: owner.exactOptional(),
  kind: kind.exactOptional(),
  clientVisible: z.boolean().exactOptional().describe('May be sent, as a value, to browsers.'),
  metadata: meta.exactOptional(),
};

/** Body of `POST …/flags`. */
export const createFlag = z
  .strictObject({
    key,
    type: flagType.exactOptional().describe('Default: boolean, with variants on and off.'),
    off: z.string().nullable().exactOptional(),
    default: serve.exactOptional(),
    ...editable,
    ...writeOptions,
  })
  .meta({ id: 'CreateFlag' }) satisfies z.ZodType<CreateFlag>;

/** Body of `PATCH …/flags/{flag}`. */
export const updateFlag = z
  .strictObject({ ...editable, ...writeOptions })
  .meta({ id: 'UpdateFlag' }) satisfies z.ZodType<UpdateFlag>;

/** When each flag was last evaluated. */
export const usageView = z
  .object({
    flags: z.record(z.string(), z.object({ lastEvaluatedAt: z.string(), lastHour: z.number() })),
    unknown: z.record(z.string(), z.object({ lastAskedAt: z.string(), count: z.number() })),
  })
  .meta({ id: 'Usage' }) satisfies z.ZodType<UsageView>;
