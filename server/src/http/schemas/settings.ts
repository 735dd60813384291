import type { Rollout, SetRollout, Settings, SettingsView, UpdateSettings } from '@dimmer/core/api';
import { z } from 'zod';
import { between, key, writeOptions } from './common.ts';
import { bucketBy, rule, serve } from './model.ts';

const settingsFields = {
  enabled: z.boolean(),
  off: z.string().nullable(),
  rules: z.array(rule),
  default: serve,
} satisfies { [K in keyof Settings]: z.ZodType<Settings[K]> };

const rollout = z
  .object({
    percent: z.number(),
    variant: z.string(),
    otherwise: z.string().nullable(),
    by: bucketBy,
    audience: z.array(z.string()),
  })
  .meta({ id: 'Rollout' }) satisfies z.ZodType<Rollout>;

/** Settings as read. */
export const settingsView = z
  .object({
    ...settingsFields,
    seed: z.string(),
    rollout: rollout.nullable().describe('Null when `default` is no rollout.'),
  })
  .meta({ id: 'Settings' }) satisfies z.ZodType<SettingsView>;

/** The members of settings that a change may replace. */
export const settingsPatch = {
  enabled: settingsFields.enabled.exactOptional(),
  off: settingsFields.off.exactOptional(),
  rules: settingsFields.rules.exactOptional(),
  default: settingsFields.default.exactOptional(),
} satisfies z.ZodRawShape;

/** Body of `PATCH …/settings/{env}`. */
export const updateSettings = z
  .strictObject({ ...settingsPatch, ...writeOptions })
  .meta({ id: 'UpdateSettings' }) satisfies z.ZodType<UpdateSettings>;

/** Three decimals: one unit of an axis of 100,000 positions. */
function hasThreeDecimals(percent: number): boolean {
  return Math.abs(percent * 1000 - Math.round(percent * 1000)) < 1e-6;
}

/** The fields of a rollout. */
export const rolloutFields = {
  percent: z
    .number()
    .min(0, between(0, 100))
    .max(100, between(0, 100))
    .refine(hasThreeDecimals, 'expected at most three decimals'),
  enabled: z.boolean().exactOptional().describe('Unchanged unless given.'),
  variant: key.exactOptional().describe('Default for boolean flags: on.'),
  otherwise: key.nullable().exactOptional().describe('Default for boolean flags: off.'),
  by: bucketBy.exactOptional().describe('Default: targetingKey.'),
  audience: z.array(key).max(50).exactOptional().describe('Segments that get `variant` before everything else.'),
  replace: z
    .boolean()
    .exactOptional()
    .describe('Allows replacing a split that is no rollout, or another `by`: users move.'),
} satisfies z.ZodRawShape;

/** Body of `PUT …/settings/{env}/rollout`. */
export const setRollout = z
  .strictObject({ ...rolloutFields, ...writeOptions })
  .meta({ id: 'SetRollout' }) satisfies z.ZodType<SetRollout>;
