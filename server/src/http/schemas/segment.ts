import type {
  CreateSegment,
  SegmentSettings,
  SegmentView,
  UpdateSegment,
  UpdateSegmentSettings,
} from '@dimmer/core/api';
import { z } from 'zod';
import { description, key, name, writeOptions } from './common.ts';
import { condition } from './model.ts';

/** A segment in one environment. */
export const segmentSettings = z
  .strictObject({ condition })
  .meta({ id: 'SegmentSettings' }) satisfies z.ZodType<SegmentSettings>;

/** A segment. */
export const segmentView = z
  .object({
    key: z.string(),
    name: z.string(),
    description: z.string(),
    createdAt: z.string(),
    settings: z.record(z.string(), segmentSettings).describe('By environment key.'),
  })
  .meta({ id: 'Segment' }) satisfies z.ZodType<SegmentView>;

/** Body of `POST …/segments`. */
export const createSegment = z
  .strictObject({
    key,
    name: name.exactOptional(),
    description: description.exactOptional(),
    condition: condition.exactOptional().describe('For every environment; without it the segment holds nobody.'),
    ...writeOptions,
  })
  .meta({ id: 'CreateSegment' }) satisfies z.ZodType<CreateSegment>;

/** Body of `PATCH …/segments/{segment}`. */
export const updateSegment = z
  .strictObject({ name: name.exactOptional(), description: description.exactOptional(), ...writeOptions })
  .meta({ id: 'UpdateSegment' }) satisfies z.ZodType<UpdateSegment>;

/** Body of `PATCH …/segments/{segment}/settings/{env}`. */
export const updateSegmentSettings = z
  .strictObject({ condition, ...writeOptions })
  .meta({ id: 'UpdateSegmentSettings' }) satisfies z.ZodType<UpdateSegmentSettings>;
