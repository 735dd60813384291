import { createEvaluator, type Evaluator } from '@dimmer/core/evaluation';
import { z } from 'zod';
import { compilePattern } from '../../changes/patterns.ts';
import { notFound } from '../../refusal.ts';
import { flagParameter } from '../schemas/common.ts';
import { evaluateAnswer, evaluateRequest } from '../schemas/evaluate.ts';
import { ruleset } from '../schemas/model.ts';
import { describe, found, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';

const tag = 'evaluation';

const evaluateQuery = z.strictObject({
  explain: flagParameter.exactOptional().describe('`true`: with everything that was looked at.'),
  version: z.coerce.number().int().min(1).exactOptional().describe('Evaluate as it was at this version.'),
});

const GET_RULESET = describe({
  method: 'get',
  path: '/projects/{project}/environments/{environment}/ruleset',
  id: 'getRuleset',
  tag,
  summary: 'What server SDKs hold',
  access: 'reader',
  answer: ruleset,
  query: noQuery,
  body: noBody,
});

const EVALUATE = describe({
  method: 'post',
  path: '/projects/{project}/environments/{environment}/evaluate',
  id: 'evaluate',
  tag,
  summary: 'Evaluate flags for a context',
  access: 'reader',
  query: evaluateQuery,
  body: evaluateRequest,
  anyKeys: true,
  answer: evaluateAnswer,
});

/** What SDKs hold, and what it comes to for one context. */
export function rulesetRoutes({ views, source }: AppDeps): readonly Route[] {
  const environmentId = async (params: { project: string; environment: string }): Promise<string> =>
    (await views.getEnvironment(params.project, params.environment)).value.id;

  const evaluatorAt = async (id: string, version: number | undefined): Promise<readonly [number, Evaluator]> => {
    const head = await source.head(id);
    if (version === undefined || version === head.version) return [head.version, head.evaluator()];
    const past = await source.at(id, version);
    if (past === undefined) throw notFound(`version ${version} (any more)`);
    return [version, createEvaluator(past, { patterns: compilePattern })];
  };
  return [
    route(GET_RULESET, async ({ params }) => {
      const head = await source.head(await environmentId(params));
      return found({ value: head.ruleset(), etag: `"${head.version}-${head.digest}"` });
    }),
    route(EVALUATE, async ({ params, query, body }) => {
      const [version, evaluator] = await evaluatorAt(await environmentId(params), query.version);
      const one = (flag: string) =>
        query.explain === true ? evaluator.explain(flag, body.context) : evaluator.evaluate(flag, body.context);
      const flags = body.flags ?? [...evaluator.keys()];
      return { status: 200, body: { version, results: Object.fromEntries(flags.map((flag) => [flag, one(flag)])) } };
    }),
  ];
}
