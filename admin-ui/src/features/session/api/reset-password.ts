import type { ResetPassword, SessionView } from '@dimmer/core/api';
import { request } from '../../../lib/http.ts';

/** Sets a new password by a one-time link, and signs in with it. */
export async function resetPassword(body: ResetPassword): Promise<SessionView> {
  return (await request<SessionView>('POST', '/password-reset', { body })).data;
}
