import { z } from 'zod';
import { page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import {
  createSegment,
  segmentSettings,
  segmentView,
  updateSegment,
  updateSegmentSettings,
} from '../schemas/segment.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { writeQuery, type Writer } from '../write.ts';

const tag = 'segments';
const all = '/projects/{project}/segments';
const one = '/projects/{project}/segments/{segment}';
const settings = '/projects/{project}/segments/{segment}/settings/{environment}';

const LIST_SEGMENTS = describe({
  method: 'get',
  path: all,
  id: 'listSegments',
  tag,
  summary: 'Segments of a project',
  access: 'reader',
  query: z.strictObject(pageQuery),
  answer: page('SegmentPage', segmentView),
  body: noBody,
});

const CREATE_SEGMENT = describe({
  method: 'post',
  path: all,
  id: 'createSegment',
  tag,
  summary: 'Make a segment',
  description: 'Without a condition it holds nobody, in every environment.',
  access: 'writer',
  query: writeQuery,
  body: createSegment,
  status: 201,
  answer: writeAnswer,
});

const GET_SEGMENT = describe({
  method: 'get',
  path: one,
  id: 'getSegment',
  tag,
  summary: 'One segment, with its condition in every environment',
  access: 'reader',
  answer: segmentView,
  query: noQuery,
  body: noBody,
});

const UPDATE_SEGMENT = describe({
  method: 'patch',
  path: one,
  id: 'updateSegment',
  tag,
  summary: 'Rename or describe a segment',
  access: 'writer',
  query: writeQuery,
  body: updateSegment,
  answer: writeAnswer,
});

const DELETE_SEGMENT = describe({
  method: 'delete',
  path: one,
  id: 'deleteSegment',
  tag,
  summary: 'Delete a segment that nothing refers to',
  access: 'writer',
  query: writeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

const GET_SEGMENT_SETTINGS = describe({
  method: 'get',
  path: settings,
  id: 'getSegmentSettings',
  tag,
  summary: 'Who a segment holds in an environment',
  access: 'reader',
  answer: segmentSettings,
  query: noQuery,
  body: noBody,
});

const UPDATE_SEGMENT_SETTINGS = describe({
  method: 'patch',
  path: settings,
  id: 'updateSegmentSettings',
  tag,
  summary: 'Change who a segment holds in an environment',
  access: 'writer',
  query: writeQuery,
  body: updateSegmentSettings,
  answer: writeAnswer,
});

/** Named conditions that rules refer to. */
export function segmentRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_SEGMENTS, async ({ params, query }) => found(await views.listSegments(params.project, query))),
    route(CREATE_SEGMENT, async (input) =>
      write(input, {
        project: input.params.project,
        status: 201,
        intents: [{ kind: 'segment.create', input: withoutOptions(input.body) }],
      }),
    ),
    route(GET_SEGMENT, async ({ params }) => found(await views.getSegment(params.project, params.segment))),
    route(UPDATE_SEGMENT, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'segment.update', segment: input.params.segment, input: withoutOptions(input.body) }],
      }),
    ),
    route(DELETE_SEGMENT, async (input) =>
      write(input, {
        project: input.params.project,
        intents: [{ kind: 'segment.delete', segment: input.params.segment }],
      }),
    ),
    route(GET_SEGMENT_SETTINGS, async ({ params }) =>
      found(await views.getSegmentSettings(params.project, params.segment, params.environment)),
    ),
    route(UPDATE_SEGMENT_SETTINGS, async (input) => {
      const { project, segment, environment } = input.params;
      return write(input, {
        project,
        intents: [{ kind: 'segment.settings', segment, environment, input: withoutOptions(input.body) }],
      });
    }),
  ];
}
