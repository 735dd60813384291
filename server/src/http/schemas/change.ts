import type { ChangeSetRequest, ChangeView, RevertRequest } from '@dimmer/core/api';
import { z } from 'zod';
import { key, writeOptions } from './common.ts';
import { segmentSettings } from './segment.ts';
import { rolloutFields, settingsPatch } from './settings.ts';

const objectKinds = ['project', 'environment', 'flag', 'segment', 'key', 'token', 'user'] as const;

const effectObject = z.union([
  z.object({ kind: z.enum(objectKinds), key: z.string(), environment: z.string().exactOptional() }),
  z.object({ kind: z.enum(['flag-settings', 'segment-settings']), key: z.string(), environment: z.string() }),
]);

const effect = z
  .object({
    object: effectObject,
    action: z.enum(['create', 'update', 'archive', 'restore', 'delete']),
    field: z.string().exactOptional(),
    before: z.unknown().exactOptional(),
    after: z.unknown().exactOptional(),
  })
  .meta({ id: 'Effect' });

/** One entry of the history. */
export const changeView = z
  .object({
    id: z.string(),
    at: z.string(),
    actor: z.object({ kind: z.enum(['user', 'token', 'system']), id: z.string(), name: z.string() }),
    comment: z.string().nullable(),
    versions: z.record(z.string(), z.int()).describe('The version it made in each environment.'),
    effects: z.array(effect),
    reverts: z.string().exactOptional(),
  })
  .meta({ id: 'Change' }) satisfies z.ZodType<ChangeView>;

const ifMatch = z.string().max(200).exactOptional().describe('ETag of the settings as they were read.');

/** Body of `POST …/environments/{env}/change-sets`. */
export const changeSetRequest = z
  .strictObject({
    changes: z
      .array(
        z.union([
          z.strictObject({ flag: key, settings: z.strictObject(settingsPatch), ifMatch }),
          z.strictObject({ flag: key, rollout: z.strictObject(rolloutFields), ifMatch }),
          z.strictObject({ segment: key, settings: segmentSettings, ifMatch }),
        ]),
      )
      .min(1)
      .max(500),
    ...writeOptions,
  })
  .meta({ id: 'ChangeSet' }) satisfies z.ZodType<ChangeSetRequest>;

/** Body of `POST …/changes/{id}/revert`. */
export const revertRequest = z
  .strictObject({
    force: z.boolean().exactOptional().describe('Revert also fields that were changed since.'),
    ...writeOptions,
  })
  .meta({ id: 'Revert' }) satisfies z.ZodType<RevertRequest>;
