import { z } from 'zod';
import type { CommitResult } from '../../changes/committer.ts';
import { MAX_OVERLAP_HOURS } from '../../environments/key-intents.ts';
import { createKey, keyView, secretAnswer } from '../schemas/access.ts';
import { page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import { describe, found, noBody, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { waitQuery, writeQuery, type Writer } from '../write.ts';

const tag = 'keys';
const all = '/projects/{project}/environments/{environment}/keys';

const revokeQuery = z.strictObject({
  ...waitQuery,
  afterHours: z.coerce
    .number()
    .min(0)
    .max(MAX_OVERLAP_HOURS)
    .exactOptional()
    .describe('Time for which it still works: rotation with an overlap.'),
});

const LIST_KEYS = describe({
  method: 'get',
  path: all,
  id: 'listKeys',
  tag,
  summary: 'SDK keys of an environment',
  access: 'reader',
  query: z.strictObject(pageQuery),
  answer: page('KeyPage', keyView),
  body: noBody,
});

const CREATE_KEY = describe({
  method: 'post',
  path: all,
  id: 'createKey',
  tag,
  summary: 'Make an SDK key',
  description: 'The key itself is in this answer and nowhere else.',
  access: 'writer',
  query: writeQuery,
  body: createKey,
  status: 201,
  answer: secretAnswer,
});

const REVOKE_KEY = describe({
  method: 'delete',
  path: `${all}/{key}`,
  id: 'revokeKey',
  tag,
  summary: 'Revoke an SDK key',
  description: 'Its connections are closed within five seconds.',
  access: 'writer',
  query: revokeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

/** Credentials of applications. */
export function keyRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_KEYS, async ({ params }) => found(await views.listKeys(params.project, params.environment))),
    route(CREATE_KEY, async (input) => {
      const { project, environment } = input.params;
      return write(input, {
        project,
        status: 201,
        intents: [{ kind: 'key.create', environment, input: withoutOptions(input.body) }],
        ...secret,
      });
    }),
    route(REVOKE_KEY, async (input) => {
      const { project, environment, key: id } = input.params;
      const { afterHours } = input.query;
      return write(input, {
        project,
        intents: [{ kind: 'key.revoke', environment, id, ...(afterHours !== undefined && { afterHours }) }],
      });
    }),
  ];
}

/** The body of what makes a secret: stored for replays without it, answered this once with it. */
export const secret = {
  body: (result: CommitResult) => ({ id: result.created?.id ?? '', changeId: result.changeId, secretShown: true }),
  reveal: (_body: object, result: CommitResult) => ({
    id: result.created?.id ?? '',
    changeId: result.changeId,
    key: result.created?.secret,
  }),
};
