import { z } from 'zod';
import { fromCursor, toPage } from '../../changes/paging.ts';
import { invalid, notFound } from '../../refusal.ts';
import { page, pageQuery } from '../schemas/common.ts';
import { usageView } from '../schemas/flag.ts';
import { instanceView, receipts } from '../schemas/receipts.ts';
import { describe, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';

const tag = 'instances';
const environment = '/projects/{project}/environments/{environment}';

const LIST_INSTANCES = describe({
  method: 'get',
  path: `${environment}/instances`,
  id: 'listInstances',
  tag,
  summary: 'SDK instances, connected or gone for less than an hour',
  access: 'reader',
  query: z.strictObject(pageQuery),
  answer: page('InstancePage', instanceView),
  body: noBody,
});

const GET_RECEIPTS = describe({
  method: 'get',
  path: `${environment}/versions/{version}/receipts`,
  id: 'getReceipts',
  tag,
  summary: 'How far a version has spread',
  access: 'reader',
  answer: receipts,
  query: noQuery,
  body: noBody,
});

const GET_USAGE = describe({
  method: 'get',
  path: `${environment}/usage`,
  id: 'getUsage',
  tag,
  summary: 'When flags were last evaluated',
  access: 'reader',
  answer: usageView,
  query: noQuery,
  body: noBody,
});

/** Nothing is read for this list, and it changes from page to page: as few pages as may be, unless asked otherwise. */
const MOST = 200;

function startOf(cursor: string | undefined): number {
  const start = Number(fromCursor(cursor) ?? 0);
  if (Number.isSafeInteger(start) && start >= 0) return start;
  throw invalid([{ path: '/cursor', message: 'is not a cursor of this list' }]);
}

/** Who is connected, who has applied what, and what is asked for. Volatile, so without ETags. */
export function instanceRoutes({ views, hub }: AppDeps): readonly Route[] {
  const find = async (params: { project: string; environment: string }) =>
    (await views.getEnvironment(params.project, params.environment)).value;
  return [
    route(LIST_INSTANCES, async ({ params, query }) => {
      const all = await hub.instances((await find(params)).id);
      const start = startOf(query.cursor);
      const end = start + (query.limit ?? MOST);
      const page = toPage(
        all.slice(start, end + 1),
        end - start,
        () => String(end),
        (instance) => instance,
      );
      return { status: 200, body: page };
    }),
    route(GET_RECEIPTS, async ({ params }) => {
      const { id, version: head } = await find(params);
      const version = /^[1-9]\d{0,14}$/.test(params.version) ? Number(params.version) : Number.NaN;
      if (!(version <= head)) throw notFound(`version ${params.version}`);
      return { status: 200, body: await hub.receipts.of(id, version) };
    }),
    route(GET_USAGE, async ({ params }) => ({ status: 200, body: await hub.usage.view((await find(params)).id) })),
  ];
}
