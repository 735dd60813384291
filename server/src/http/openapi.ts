import { z } from 'zod';
import { noBody, parametersOf, type Route } from './route.ts';
import { problem } from './schemas/common.ts';

/** An OpenAPI document, as far as we build and show it. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, object>> };
}

/** One method of one path. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security?: readonly object[];
}

/** One parameter of a path, query or header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: object;
}

type Content = Readonly<Record<string, { readonly schema: object }>>;

const TAGS: Readonly<Record<string, string>> = {
  projects: 'A set of flags and environments that belong together.',
  environments: 'Where code runs, ordered from first to last stage.',
  flags: 'Named decisions in code: what they are, in all environments.',
  settings: 'What one flag does in one environment.',
  segments: 'Named conditions that rules refer to.',
  changes: 'Change sets: the history, and undoing it.',
  evaluation: 'What SDKs hold, and what it comes to for a context.',
  keys: 'Credentials of applications.',
  instances: 'Running SDKs, and what has reached them.',
  tokens: 'Credentials of scripts for this API.',
  session: 'People signing in and out.',
};

/** Describes the routes from the very schemas their requests are checked against. */
export function createOpenApi(routes: readonly Route[], version: string): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method]: toOperation(one) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dimmer',
      version,
      description: 'Feature toggles that change in running applications, and show that they did.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        session: { type: 'apiKey', in: 'cookie', name: 'dimmer', description: 'Set by signing in.' },
      },
      schemas: componentSchemas(),
    },
  };
}

const uri = (id: string): string => `#/components/schemas/${id}`;

/** Every schema that has a name. */
function componentSchemas(): Readonly<Record<string, object>> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri, io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const { $schema: _dialect, $id: _address, ...rest } = schema;
      return [id, rest];
    }),
  );
}

function toOperation(one: Route): Operation {
  return {
    operationId: one.id,
    tags: [one.tag],
    summary: one.summary,
    ...(one.description !== undefined && { description: one.description }),
    parameters: [
      ...parametersOf(one.path).map((name): Parameter => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...queryParameters(one.query),
      ...headerParameters(one),
    ],
    ...(one.body !== noBody && { requestBody: { required: one.bodyOptional !== true, content: json(one.body) } }),
    responses: responsesOf(one),
    ...(one.access === 'public' && { security: [] }),
  };
}

function responsesOf(one: Route): Operation['responses'] {
  const error = { 'application/problem+json': { schema: reference(problem) } };
  return {
    [one.status ?? 200]: { description: one.summary, ...(one.answer !== undefined && { content: json(one.answer) }) },
    ...(one.method === 'get' &&
      one.answer !== undefined && { 304: { description: 'Unchanged since `If-None-Match`.' } }),
    default: { description: 'Refused, with the reason.', content: error },
  };
}

function queryParameters(query: z.ZodType): readonly Parameter[] {
  if (!(query instanceof z.ZodObject)) return [];
  return Object.entries(query.shape).map(([name, schema]: [string, z.ZodType]) => {
    const { $schema: _, description, ...rest } = inline(schema);
    return {
      name,
      in: 'query',
      required: !schema.isOptional(),
      ...(typeof description === 'string' && { description }),
      schema: rest,
    };
  });
}

function headerParameters(one: Route): readonly Parameter[] {
  const header = (name: string, description: string): Parameter => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  if (one.access === 'writer') {
    return [
      header('Idempotency-Key', 'The same write again, within a day, is answered as the first time and done once.'),
      header('If-Match', 'ETag of the object as it was read; 412 when it has changed since.'),
    ];
  }
  return one.method === 'get' && one.access !== 'public'
    ? [header('If-None-Match', 'ETag of an earlier answer; 304 when it still holds.')]
    : [];
}

function json(schema: z.ZodType): Content {
  return { 'application/json': { schema: reference(schema) } };
}

/** A schema by its name if it has one, else written out. */
function reference(schema: z.ZodType): object {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: uri(id) };
  if (schema instanceof z.ZodUnion) {
    return { anyOf: schema.options.flatMap((option) => (option instanceof z.ZodType ? [reference(option)] : [])) };
  }
  const { $schema: _, ...rest } = inline(schema);
  return rest;
}

function inline(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
