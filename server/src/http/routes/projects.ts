import { page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import { createProject, project, updateProject } from '../schemas/project.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { writeQuery, type Writer } from '../write.ts';
import { withoutOptions } from '../without-options.ts';
import { z } from 'zod';

const tag = 'projects';

const LIST_PROJECTS = describe({
  method: 'get',
  path: '/projects',
  id: 'listProjects',
  tag,
  summary: 'All projects',
  access: 'reader',
  query: z.strictObject(pageQuery),
  answer: page('ProjectPage', project),
  body: noBody,
});

const CREATE_PROJECT = describe({
  method: 'post',
  path: '/projects',
  id: 'createProject',
  tag,
  summary: 'Make a project',
  description:
    'It gets the environments `development` and `production` (protected), and a segment `dogfood` that holds nobody.',
  access: 'writer',
  query: writeQuery,
  body: createProject,
  status: 201,
  answer: writeAnswer,
});

const GET_PROJECT = describe({
  method: 'get',
  path: '/projects/{project}',
  id: 'getProject',
  tag,
  summary: 'One project',
  access: 'reader',
  answer: project,
  query: noQuery,
  body: noBody,
});

const UPDATE_PROJECT = describe({
  method: 'patch',
  path: '/projects/{project}',
  id: 'updateProject',
  tag,
  summary: 'Rename a project',
  access: 'writer',
  query: writeQuery,
  body: updateProject,
  answer: writeAnswer,
});

const DELETE_PROJECT = describe({
  method: 'delete',
  path: '/projects/{project}',
  id: 'deleteProject',
  tag,
  summary: 'Delete a project with all it holds',
  access: 'writer',
  query: writeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

/** A set of flags and environments that belong together. */
export function projectRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_PROJECTS, async () => found(await views.listProjects())),
    route(CREATE_PROJECT, async (input) =>
      write(input, {
        project: null,
        status: 201,
        intents: [{ kind: 'project.create', input: withoutOptions(input.body) }],
      }),
    ),
    route(GET_PROJECT, async ({ params }) => found(await views.getProject(params.project))),
    route(UPDATE_PROJECT, async (input) =>
      write(input, {
        project: null,
        intents: [{ kind: 'project.update', project: input.params.project, input: withoutOptions(input.body) }],
      }),
    ),
    route(DELETE_PROJECT, async (input) =>
      write(input, { project: null, intents: [{ kind: 'project.delete', project: input.params.project }] }),
    ),
  ];
}
