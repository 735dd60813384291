import { z } from 'zod';
import { flagParameter, page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import { createFlag, flagView, matrixRow, updateFlag } from '../schemas/flag.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { waitQuery, writeQuery, type Writer } from '../write.ts';

const tag = 'flags';
const all = '/projects/{project}/flags';
const one = '/projects/{project}/flags/{flag}';

const listQuery = z.strictObject({
  ...pageQuery,
  view: z.literal('matrix').exactOptional().describe('`matrix`: trimmed rows of all flags, for a list.'),
  archived: flagParameter.exactOptional().describe('`true`: the archived ones instead.'),
});

const archiveQuery = z.strictObject({
  ...waitQuery,
  force: flagParameter.exactOptional().describe('`true`: also when it was asked for in the last 7 days.'),
});

const LIST_FLAGS = describe({
  method: 'get',
  path: all,
  id: 'listFlags',
  tag,
  summary: 'Flags of a project',
  access: 'reader',
  query: listQuery,
  answer: z.union([page('FlagPage', flagView), page('MatrixPage', matrixRow)]),
  body: noBody,
});

const CREATE_FLAG = describe({
  method: 'post',
  path: all,
  id: 'createFlag',
  tag,
  summary: 'Make a flag',
  description: 'It is disabled in every environment. A boolean flag gets the variants `on` and `off`.',
  access: 'writer',
  query: writeQuery,
  body: createFlag,
  status: 201,
  answer: writeAnswer,
});

const GET_FLAG = describe({
  method: 'get',
  path: one,
  id: 'getFlag',
  tag,
  summary: 'One flag, with its settings in every environment',
  access: 'reader',
  answer: flagView,
  query: noQuery,
  body: noBody,
});

const UPDATE_FLAG = describe({
  method: 'patch',
  path: one,
  id: 'updateFlag',
  tag,
  summary: 'Change what a flag is',
  description: 'Variants, `clientVisible` and metadata reach every environment, with a version in each.',
  access: 'writer',
  query: writeQuery,
  body: updateFlag,
  answer: writeAnswer,
});

const ARCHIVE_FLAG = describe({
  method: 'delete',
  path: one,
  id: 'archiveFlag',
  tag,
  summary: 'Archive a flag',
  description: 'It leaves every ruleset; its key stays reserved and it can be restored.',
  access: 'writer',
  query: archiveQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

const RESTORE_FLAG = describe({
  method: 'post',
  path: `${one}/restore`,
  id: 'restoreFlag',
  tag,
  summary: 'Restore an archived flag',
  description: 'Settings and seeds come back, disabled everywhere.',
  access: 'writer',
  query: writeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

/** Named decisions in code: what they are, in all environments. */
export function flagRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_FLAGS, async ({ params, query: { view, ...query } }) =>
      found(view === 'matrix' ? await views.flagMatrix(params.project) : await views.listFlags(params.project, query)),
    ),
    route(CREATE_FLAG, async (input) =>
      write(input, {
        project: input.params.project,
        status: 201,
        intents: [{ kind: 'flag.create', input: withoutOptions(input.body) }],
      }),
    ),
    route(GET_FLAG, async ({ params }) => found(await views.getFlag(params.project, params.flag))),
    route(UPDATE_FLAG, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'flag.update', flag: input.params.flag, input: withoutOptions(input.body) }],
      }),
    ),
    route(ARCHIVE_FLAG, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'flag.archive', flag: input.params.flag }],
        force: input.query.force ?? false,
      }),
    ),
    route(RESTORE_FLAG, async (input) =>
      write(input, { project: input.params.project, intents: [{ kind: 'flag.restore', flag: input.params.flag }] }),
    ),
  ];
}
