import type {
  Bucket,
  Condition,
  Flag,
  Json,
  Meta,
  Rule,
  Ruleset,
  Scalar,
  Segment,
  Serve,
  Split,
  Variant,
} from '@dimmer/core/model';
import { z } from 'zod';
import { key } from './common.ts';

/** Any JSON value; a parsed body holds nothing else. */
export const json: z.ZodType<Json> = z
  .custom<Json>((value) => value !== undefined, 'is missing')
  .meta({ id: 'Json', description: 'Any JSON value.' });

const scalar = z.union([z.string(), z.number(), z.boolean()]) satisfies z.ZodType<Scalar>;

/** Free-form facts. */
export const meta = z.record(z.string(), scalar).meta({ id: 'Meta' }) satisfies z.ZodType<Meta>;

const hash = z.enum([
  'murmur3',
  'unleash',
  'unleash-variant',
  'launchdarkly',
  'flagsmith',
  'growthbook-1',
  'growthbook-2',
  'flagd-1',
  'flagd-3',
]);

const attr = z.string();

/** Attribute, or several of which the first usable one counts. */
export const bucketBy = z.union([attr, z.array(attr).min(1)]) satisfies z.ZodType<Bucket['by']>;

const bucket = z
  .strictObject({
    by: bucketBy,
    seed: z.union([z.string(), z.tuple([z.string()])]).exactOptional(),
    hash: hash.exactOptional(),
    of: z.number().positive().exactOptional(),
    missing: z.enum(['skip', 'zero', 'empty', 'random']).exactOptional(),
  })
  .meta({ id: 'Bucket' }) satisfies z.ZodType<Bucket>;

const test = {
  attr,
  as: z
    .enum(['string', 'lower', 'number', 'bool', 'date', 'semver', 'version', 'size', 'type', 'json'])
    .exactOptional(),
};
const texts = z.array(z.string());

/** A test on the context, composable. */
export const condition: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(condition) }),
      z.strictObject({ any: z.array(condition) }),
      z.strictObject({ not: condition }),
      z.strictObject({ segment: key }),
      z.strictObject({ flag: key, is: z.array(key) }),
      z.strictObject({ bucket, from: z.number().exactOptional(), to: z.number() }),
      z.strictObject({ ...test, exists: z.boolean() }),
      z.strictObject({ ...test, in: z.array(scalar) }),
      z.strictObject({ ...test, lt: scalar }),
      z.strictObject({ ...test, lte: scalar }),
      z.strictObject({ ...test, gt: scalar }),
      z.strictObject({ ...test, gte: scalar }),
      z.strictObject({ ...test, startsWith: texts }),
      z.strictObject({ ...test, endsWith: texts }),
      z.strictObject({ ...test, contains: texts }),
      z.strictObject({ ...test, matches: z.string() }),
      z.strictObject({ ...test, cidr: texts }),
      z.strictObject({ ...test, mod: z.tuple([z.number(), z.number()]) }),
      z.strictObject({ ...test, elem: condition }),
    ]),
  )
  .meta({ id: 'Condition' });

const arm = z.strictObject({
  upTo: z.number(),
  serve: z.string().nullable().exactOptional(),
  metadata: meta.exactOptional(),
});

const split = z.strictObject({ bucket, arms: z.array(arm).min(1) }).meta({ id: 'Split' }) satisfies z.ZodType<Split>;

/** A variant, the caller's default (null), or a split. */
export const serve = z.union([z.string(), z.null(), split]).meta({ id: 'Serve' }) satisfies z.ZodType<Serve>;

/** A condition and what it serves. */
export const rule = z
  .strictObject({
    id: z.string().min(1).max(128),
    name: z.string().max(200).exactOptional(),
    if: condition.exactOptional(),
    serve,
    metadata: meta.exactOptional(),
  })
  .meta({ id: 'Rule' }) satisfies z.ZodType<Rule>;

/** A named value that a flag can take. */
const variant = z
  .strictObject({ value: json, metadata: meta.exactOptional() })
  .meta({ id: 'Variant' }) satisfies z.ZodType<Variant>;

/** The variants of a flag, by their keys. */
export const variants = z.record(key, variant);

/** The type of a flag's values. */
export const flagType = z.enum(['boolean', 'string', 'number', 'object']);

const wireFlag = z
  .object({
    schema: z.int().exactOptional(),
    type: flagType,
    variants,
    enabled: z.boolean(),
    off: z.string().nullable().exactOptional(),
    rules: z.array(rule).exactOptional(),
    default: serve.exactOptional(),
    clientVisible: z.boolean().exactOptional(),
    metadata: meta.exactOptional(),
  })
  .meta({ id: 'WireFlag' }) satisfies z.ZodType<Flag>;

const wireSegment = z
  .object({ schema: z.int().exactOptional(), condition, metadata: meta.exactOptional() })
  .meta({ id: 'WireSegment' }) satisfies z.ZodType<Segment>;

/** All flags and segments of one environment at one version. */
export const ruleset = z
  .object({ flags: z.record(z.string(), wireFlag), segments: z.record(z.string(), wireSegment) })
  .meta({ id: 'Ruleset' }) satisfies z.ZodType<Ruleset>;
