import { z } from 'zod';
import { createToken, secretAnswer, tokenView } from '../schemas/access.ts';
import { page, pageQuery, writeAnswer, writeBody } from '../schemas/common.ts';
import { describe, found, noBody, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { withoutOptions } from '../without-options.ts';
import { writeQuery, type Writer } from '../write.ts';
import { secret } from './keys.ts';

const tag = 'tokens';

const LIST_TOKENS = describe({
  method: 'get',
  path: '/tokens',
  id: 'listTokens',
  tag,
  summary: 'All API tokens',
  access: 'owner',
  query: z.strictObject(pageQuery),
  answer: page('TokenPage', tokenView),
  body: noBody,
});

const CREATE_TOKEN = describe({
  method: 'post',
  path: '/tokens',
  id: 'createToken',
  tag,
  summary: 'Make an API token',
  description: 'The token itself is in this answer, as `key`, and nowhere else.',
  access: 'writer',
  query: writeQuery,
  body: createToken,
  status: 201,
  answer: secretAnswer,
});

const REVOKE_TOKEN = describe({
  method: 'delete',
  path: '/tokens/{token}',
  id: 'revokeToken',
  tag,
  summary: 'Revoke an API token',
  access: 'writer',
  query: writeQuery,
  body: writeBody,
  bodyOptional: true,
  answer: writeAnswer,
});

/** Credentials of scripts and people for this API. */
export function tokenRoutes({ views }: AppDeps, write: Writer): readonly Route[] {
  return [
    route(LIST_TOKENS, async () => found(await views.listTokens())),
    route(CREATE_TOKEN, async (input) =>
      write(input, {
        project: null,
        status: 201,
        intents: [{ kind: 'token.create', input: withoutOptions(input.body) }],
        ...secret,
      }),
    ),
    route(REVOKE_TOKEN, async (input) =>
      write(input, { project: null, intents: [{ kind: 'token.revoke', id: input.params.token }] }),
    ),
  ];
}
