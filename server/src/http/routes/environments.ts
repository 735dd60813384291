import { z } from 'zod';
import { page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import { createEnvironment, environment, updateEnvironment } from '../schemas/project.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { writeQuery, type Writer } from '../write.ts';

const tag = 'environments';
const all = '/projects/{project}/environments';
const one = '/projects/{project}/environments/{environment}';

const LIST_ENVIRONMENTS = describe({
  method: 'get',
  path: all,
  id: 'listEnvironments',
  tag,
  summary: 'All environments, first stage first',
  access: 'reader',
  query: z.strictObject(pageQuery),
  answer: page('EnvironmentPage', environment),
  body: noBody,
});

const CREATE_ENVIRONMENT = describe({
  method: 'post',
  path: all,
  id: 'createEnvironment',
  tag,
  summary: 'Make an environment',
  description: 'Its creation is version 1. `copyFrom` copies settings and seeds, so that users stay in their buckets.',
  access: 'writer',
  query: writeQuery,
  body: createEnvironment,
  status: 201,
  answer: writeAnswer,
});

const GET_ENVIRONMENT = describe({
  method: 'get',
  path: one,
  id: 'getEnvironment',
  tag,
  summary: 'One environment',
  access: 'reader',
  answer: environment,
  query: noQuery,
  body: noBody,
});

const UPDATE_ENVIRONMENT = describe({
  method: 'patch',
  path: one,
  id: 'updateEnvironment',
  tag,
  summary: 'Change an environment',
  access: 'writer',
  query: writeQuery,
  body: updateEnvironment,
  answer: writeAnswer,
});

const DELETE_ENVIRONMENT = describe({
  method: 'delete',
  path: one,
  id: 'deleteEnvironment',
  tag,
  summary: 'Delete an environment',
  description: 'Its keys stop working and its connections are closed.',
  access: 'writer',
  query: writeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

/** Where code runs. */
export function environmentRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_ENVIRONMENTS, async ({ params }) => found(await views.listEnvironments(params.project))),
    route(CREATE_ENVIRONMENT, async (input) =>
      write(input, {
        project: input.params.project,
        status: 201,
        intents: [{ kind: 'environment.create', input: withoutOptions(input.body) }],
      }),
    ),
    route(GET_ENVIRONMENT, async ({ params }) => found(await views.getEnvironment(params.project, params.environment))),
    route(UPDATE_ENVIRONMENT, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [
          { kind: 'environment.update', environment: input.params.environment, input: withoutOptions(input.body) },
        ],
      }),
    ),
    route(DELETE_ENVIRONMENT, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'environment.delete', environment: input.params.environment }],
      }),
    ),
  ];
}
