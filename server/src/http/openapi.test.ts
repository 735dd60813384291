import { describe, expect, test } from 'vitest';
import type { AppDeps } from './app-deps.ts';
import { renderDocs } from './docs-page.ts';
import { createOpenApi } from './openapi.ts';
import { allRoutes } from './routes/all.ts';

/** Describing the routes calls nothing. */
const routes = allRoutes({} as AppDeps);
const document = createOpenApi(routes, '1.2.3');

const project = '/projects/{project}';
const environment = `${project}/environments/{environment}`;
const flag = `${project}/flags/{flag}`;
const segment = `${project}/segments/{segment}`;

describe('the OpenAPI document', () => {
  test.each([
    ['/projects', 'get post'],
    [project, 'get patch delete'],
    [`${project}/environments`, 'get post'],
    [environment, 'get patch delete'],
    [`${project}/flags`, 'get post'],
    [flag, 'get patch delete'],
    [`${flag}/restore`, 'post'],
    [`${flag}/settings/{environment}`, 'get patch'],
    [`${flag}/settings/{environment}/rollout`, 'put'],
    [`${project}/segments`, 'get post'],
    [segment, 'get patch delete'],
    [`${segment}/settings/{environment}`, 'get patch'],
    [`${environment}/change-sets`, 'post'],
    [`${environment}/ruleset`, 'get'],
    [`${environment}/evaluate`, 'post'],
    [`${environment}/keys`, 'get post'],
    [`${environment}/keys/{key}`, 'delete'],
    [`${environment}/instances`, 'get'],
    [`${environment}/usage`, 'get'],
    [`${environment}/versions/{version}/receipts`, 'get'],
    [`${project}/changes`, 'get'],
    [`${project}/changes/{change}`, 'get'],
    [`${project}/changes/{change}/revert`, 'post'],
    ['/tokens', 'get post'],
    ['/tokens/{token}', 'delete'],
    ['/session', 'get post delete'],
    ['/session/password', 'put'],
    ['/password-reset', 'post'],
    ['/setup', 'get post'],
  ])('describes %s: %s', (path, methods) => {
    expect(Object.keys(document.paths[path] ?? {})).toEqual(methods.split(' '));
  });

  test('describes nothing else', () => {
    expect(Object.keys(document.paths)).toHaveLength(29);
  });

  test('has a schema for every name it refers to', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  test('names each operation once, and gives each an answer and a way to fail', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations) {
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      expect(responses.default?.content).toHaveProperty(['application/problem+json']);
    }
  });

  test('tells of writes that they can be waited for, repeated and guarded', () => {
    const rollout = document.paths[`${flag}/settings/{environment}/rollout`]?.put;
    expect(rollout?.parameters.map(({ name }) => name)).toEqual([
      'project',
      'flag',
      'environment',
      'wait',
      'timeoutMs',
      'Idempotency-Key',
      'If-Match',
    ]);
    expect(rollout?.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/SetRollout',
    });
    expect(document.components.schemas.SetRollout).toMatchObject({
      required: ['percent'],
      additionalProperties: false,
      properties: { percent: { type: 'number', minimum: 0, maximum: 100 } },
    });
  });
});

test('the readable page shows every operation and schema, and holds neither scripts nor inline styles', async () => {
  const page = await renderDocs(document);
  for (const { id, summary } of routes) {
    expect(page).toContain(`id="${id}"`);
    expect(page).toContain(summary);
  }
  expect(page).toContain('id="schema-SetRollout"');
  expect(page).toContain('href="#schema-WriteAnswer"');
  expect(page).not.toMatch(/<script|<style| style=| on\w+=/);
});
