import type { SessionView, SetUp } from '@dimmer/core/api';
import { request } from '../../../lib/http.ts';
import { signIn } from './sign-in.ts';

/** Makes the owner account and signs in with it, unless the server has done that along the way. */
export async function setUp({ token, email, password }: SetUp): Promise<SessionView> {
  await request('POST', '/setup', { body: { token, email, password } });
  const signedIn = await request<SessionView>('GET', '/session').catch(() => null);
  return signedIn?.data ?? signIn({ email, password });
}
