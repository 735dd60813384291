import { z } from 'zod';
import type { NewSession } from '../../auth/sessions.ts';
import type { Answer } from '../route.ts';
import { describe, noBody, noQuery, route, type Route } from '../route.ts';
import type { AppDeps } from '../app-deps.ts';
import { tooMany, unauthenticated } from '../problem.ts';
import { changePassword, resetPassword, sessionView, setUp, signIn } from '../schemas/access.ts';
import { invalid, Refusal } from '../../refusal.ts';

const tag = 'session';
const setUpState = z.object({ needed: z.boolean() }).meta({ id: 'SetUpState' });

const GET_SESSION = describe({
  method: 'get',
  path: '/session',
  id: 'getSession',
  tag,
  summary: 'Who is signed in',
  access: 'reader',
  answer: sessionView,
  query: noQuery,
  body: noBody,
});

const SIGN_IN = describe({
  method: 'post',
  path: '/session',
  id: 'signIn',
  tag,
  summary: 'Sign in',
  access: 'public',
  body: signIn,
  answer: sessionView,
  query: noQuery,
});

const SIGN_OUT = describe({
  method: 'delete',
  path: '/session',
  id: 'signOut',
  tag,
  summary: 'Sign out',
  access: 'public',
  status: 204,
  query: noQuery,
  body: noBody,
});

const GET_SET_UP = describe({
  method: 'get',
  path: '/setup',
  id: 'getSetUp',
  tag,
  summary: 'Whether the first account is still to be made',
  access: 'public',
  answer: setUpState,
  query: noQuery,
  body: noBody,
});

const SET_UP = describe({
  method: 'post',
  path: '/setup',
  id: 'setUp',
  tag,
  summary: 'Make the owner account with the set-up link, once',
  access: 'public',
  body: setUp,
  status: 201,
  answer: sessionView,
  query: noQuery,
});

const CHANGE_PASSWORD = describe({
  method: 'put',
  path: '/session/password',
  id: 'changePassword',
  tag,
  summary: 'Choose another password',
  description: 'Ends all other sessions of the account.',
  access: 'reader',
  body: changePassword,
  answer: sessionView,
  query: noQuery,
});

const RESET_PASSWORD = describe({
  method: 'post',
  path: '/password-reset',
  id: 'resetPassword',
  tag,
  summary: 'Choose a new password with the link of `dimmer owner reset-link`, once',
  description: 'Ends all sessions of the account, and begins one.',
  access: 'public',
  body: resetPassword,
  answer: sessionView,
  query: noQuery,
});

/** People signing in and out, the first of them, and their passwords. */
export function sessionRoutes({ auth }: AppDeps): readonly Route[] {
  const begin = (session: NewSession, status: number): Answer => ({
    status,
    body: session.view,
    headers: { 'Set-Cookie': auth.cookie.set(session.token, session.maxAgeS) },
  });
  return [
    route(GET_SESSION, async ({ request }) => {
      if (request.session === undefined) throw unauthenticated('A token is not a session.');
      return { status: 200, body: request.session.view };
    }),
    route(SIGN_IN, async ({ body, request }) => {
      const previous = auth.cookie.read(request.header('cookie'));
      const outcome = await auth.signIn({ ...body, address: request.address, previous });
      if (outcome.kind === 'wait') throw tooMany('Too many tries. Wait a little.', outcome.ms);
      if (outcome.kind === 'wrong') {
        throw new Refusal(401, 'WRONG_CREDENTIALS', { detail: 'E-mail and password do not belong together.' });
      }
      return begin(outcome.session, 200);
    }),
    route(SIGN_OUT, async ({ request }) => {
      const token = auth.cookie.read(request.header('cookie'));
      if (token !== undefined) await auth.sessions.end(token);
      return { status: 204, headers: { 'Set-Cookie': auth.cookie.clear() } };
    }),
    route(GET_SET_UP, async () => ({
      status: 200,
      body: { needed: await auth.setUp.isNeeded() },
    })),
    route(SET_UP, async ({ body }) => {
      const session = await auth.setUp.complete(body);
      if (session === undefined) {
        throw new Refusal(403, 'SETUP_LINK', {
          detail: 'The set-up link is used up or was replaced by a newer one.',
        });
      }
      return begin(session, 201);
    }),
    route(CHANGE_PASSWORD, async ({ body, request }) => {
      const { session, address } = request;
      if (session === undefined) throw unauthenticated('A token has no password.');
      const outcome = await auth.changePassword({ ...body, session, address });
      if (outcome.kind === 'wait') throw tooMany('Too many tries. Wait a little.', outcome.ms);
      if (outcome.kind === 'wrong') {
        throw invalid([{ path: '/current', message: 'is not the password of this account' }]);
      }
      return begin(outcome.session, 200);
    }),
    route(RESET_PASSWORD, async ({ body }) => {
      const session = await auth.resetPassword(body);
      if (session === undefined) {
        throw new Refusal(403, 'RESET_LINK', {
          detail: 'The link is used up, too old, or was replaced by a newer one.',
        });
      }
      return begin(session, 200);
    }),
  ];
}
