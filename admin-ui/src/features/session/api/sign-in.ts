import type { SessionView, SignIn } from '@dimmer/core/api';
import { request } from '../../../lib/http.ts';

export async function signIn(credentials: SignIn): Promise<SessionView> {
  await request('POST', '/session', { body: credentials });
  return (await request<SessionView>('GET', '/session')).data;
}
