import { z } from 'zod';
import { changeView, revertRequest } from '../schemas/change.ts';
import { instant, page, pageQuery, writeAnswer } from '../schemas/common.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { writeQuery, type Writer } from '../write.ts';

const tag = 'changes';
const all = '/projects/{project}/changes';

const query = z.strictObject({
  ...pageQuery,
  environment: z.string().max(128).exactOptional().describe('Only what touched this environment.'),
  flag: z.string().max(128).exactOptional().describe('Only what touched this flag.'),
  actor: z.string().max(254).exactOptional().describe('Id or name of who did it.'),
  since: instant.exactOptional().describe('Not older than this.'),
});

const LIST_CHANGES = describe({
  method: 'get',
  path: all,
  id: 'listChanges',
  tag,
  summary: 'The history, newest first',
  access: 'reader',
  query,
  answer: page('ChangePage', changeView),
  body: noBody,
});

const GET_CHANGE = describe({
  method: 'get',
  path: `${all}/{change}`,
  id: 'getChange',
  tag,
  summary: 'One change set',
  access: 'reader',
  answer: changeView,
  query: noQuery,
  body: noBody,
});

const REVERT_CHANGE = describe({
  method: 'post',
  path: `${all}/{change}/revert`,
  id: 'revertChange',
  tag,
  summary: 'Undo a change set by a new one',
  description: 'Sets back the fields that it touched. Those changed since are a conflict, unless `force`.',
  access: 'writer',
  query: writeQuery,
  body: revertRequest,
  bodyOptional: true,
  answer: writeAnswer,
});

/** The history: who changed what, from what to what. */
export function changeRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_CHANGES, async (input) => found(await views.listChanges(input.params.project, input.query))),
    route(GET_CHANGE, async ({ params }) => found(await views.getChange(params.project, params.change))),
    route(REVERT_CHANGE, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'change.revert', change: input.params.change }],
        force: input.body.force ?? false,
      }),
    ),
  ];
}
