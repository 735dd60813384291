import { z } from 'zod';
import { notFound } from '../../refusal.ts';
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

/** Who is connected, who has applied what, and what is asked for. Volatile, so without ETags. */
export function instanceRoutes({ views, hub }: AppDeps): readonly Route[] {
  const find = async (params: { project: string; environment: string }) =>
    (await views.getEnvironment(params.project, params.environment)).value;
  return [
    route(LIST_INSTANCES, async ({ params, query }) => {
      const all = hub.instances((await find(params)).id);
      const start = query.cursor === undefined ? 0 : Math.max(0, Number.parseInt(query.cursor, 36) || 0);
      const end = start + (query.limit ?? 200);
      return {
        status: 200,
        body: { items: all.slice(start, end), ...(end < all.length && { next: end.toString(36) }) },
      };
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
