import type { EvaluateAnswer, EvaluateRequest } from '@dimmer/core/api';
import type { Context } from '@dimmer/core/model';
import type { Trace } from '@dimmer/core/evaluation';
import { z } from 'zod';
import { json, meta } from './model.ts';

/** Who or what is asking: any attributes. Parsed JSON holds nothing that a context may not. */
const context: z.ZodType<Context> = z
  .custom<Context>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object',
  )
  .refine((value) => value.targetingKey === undefined || typeof value.targetingKey === 'string', {
    path: ['targetingKey'],
    message: 'expected a string',
  })
  .meta({
    id: 'Context',
    type: 'object',
    description: 'Attributes of who or what is asking; `targetingKey` identifies it.',
  });

/** Body of `POST …/evaluate`. */
export const evaluateRequest = z
  .strictObject({
    context,
    flags: z.array(z.string().max(128)).max(1000).exactOptional().describe('Default: all flags.'),
  })
  .meta({ id: 'Evaluate' }) satisfies z.ZodType<EvaluateRequest>;

const trace: z.ZodType<Trace> = z
  .custom<Trace>()
  .meta({ id: 'Trace', description: 'Everything the evaluation looked at.' });

const result = z
  .object({
    value: json.exactOptional(),
    variant: z.string().exactOptional(),
    reason: z.enum(['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED', 'ERROR']),
    rule: z.string().exactOptional(),
    errorCode: z
      .enum([
        'FLAG_NOT_FOUND',
        'PARSE_ERROR',
        'TYPE_MISMATCH',
        'TARGETING_KEY_MISSING',
        'INVALID_CONTEXT',
        'PROVIDER_NOT_READY',
        'PROVIDER_FATAL',
        'GENERAL',
      ])
      .exactOptional(),
    errorMessage: z.string().exactOptional(),
    metadata: meta.exactOptional(),
    trace: trace.exactOptional().describe('With `?explain=true`.'),
  })
  .meta({ id: 'Result' });

/** Answer of `POST …/evaluate`. */
export const evaluateAnswer = z
  .object({ version: z.int(), results: z.record(z.string(), result).describe('By flag key.') })
  .meta({ id: 'Evaluated' }) satisfies z.ZodType<EvaluateAnswer>;
