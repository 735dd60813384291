import { z } from 'zod';
import type { Session } from '../auth/sessions.ts';
import type { Principal } from '../policy/principal.ts';
import { parseBody, parseQuery } from './validate.ts';

/** HTTP methods that routes use. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Names in the braces of a path. */
type ParameterOf<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** Facts of one request that handlers may need beside its parsed parts. */
export interface RequestFacts {
  readonly id: string;
  readonly method: string;
  /** Path and query, without what does not change the outcome. */
  readonly target: string;
  readonly address: string;
  /** Text of the body, "" without one. */
  readonly bodyText: string;
  readonly session: Session | undefined;
  header(name: string): string | undefined;
}

/** A request as it came, its body parsed as JSON and not further. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Who asks; routes that are public see a visitor without rights. */
  readonly principal: Principal;
  readonly request: RequestFacts;
}

/** A request with its parts checked and typed. */
export interface RouteInput<P extends string, Q, B> extends Pick<RawInput, 'principal' | 'request'> {
  readonly params: Readonly<Record<ParameterOf<P>, string>>;
  readonly query: Q;
  readonly body: B;
}

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  /** JSON; absent: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything the documentation tells about a route, and all that its requests are checked against. */
export interface RouteDoc<P extends string = string, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> {
  readonly method: Method;
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: P;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /**
   * `public`: anybody; `reader`: who may read; `owner`: who may administer; `writer`: whoever is known, the one door
   * decides. Writers also take `Idempotency-Key` and `If-Match`.
   */
  readonly access: 'public' | 'reader' | 'owner' | 'writer';
  readonly query: Q;
  /** Schema of the JSON body; `noBody` when none is read. */
  readonly body: B;
  /** A request without a body is taken for one with `{}`. */
  readonly bodyOptional?: boolean;
  /** Attribute names in the body belong to the asker's users. */
  readonly anyKeys?: boolean;
  readonly status?: number;
  readonly answer?: z.ZodType;
}

/** A route as the application mounts it. */
export interface Route extends RouteDoc {
  readonly handle: (input: RawInput) => Promise<Answer>;
}

/** No query parameter is known. */
export const noQuery = z.strictObject({});

/** No body is read. */
export const noBody = z.undefined();

/** Keeps the exact types of a description. */
export function describe<const P extends string, Q extends z.ZodType, B extends z.ZodType>(
  doc: RouteDoc<P, Q, B>,
): RouteDoc<P, Q, B> {
  return doc;
}

/** Ties a handler to its description: it is called only with what the description's schemas let through. */
export function route<P extends string, Q extends z.ZodType, B extends z.ZodType>(
  doc: RouteDoc<P, Q, B>,
  handle: (input: RouteInput<P, z.output<Q>, z.output<B>>) => Promise<Answer>,
): Route {
  return {
    ...doc,
    handle({ params, query, body, principal, request }) {
      if (!hasParameters(params, doc.path)) throw new TypeError(`${doc.path} was mounted without its parameters`);
      return handle({
        params,
        query: parseQuery(doc.query, query),
        body: parseBody(doc.body, body),
        principal,
        request,
      });
    },
  };
}

/** Names of the parameters in a path. */
export function parametersOf(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** 200 with an object and its ETag. */
export function found(read: { readonly value: unknown; readonly etag: string }): Answer {
  return { status: 200, body: read.value, headers: { ETag: read.etag } };
}

function hasParameters<P extends string>(
  params: Readonly<Record<string, string>>,
  path: P,
): params is Readonly<Record<ParameterOf<P>, string>> {
  return parametersOf(path).every((name) => params[name] !== undefined);
}
