import type { ChangePassword, SessionView } from '@dimmer/core/api';
import { request } from '../../../lib/http.ts';

/** Sets another password; all other sessions of the account end. */
export async function changePassword(body: ChangePassword): Promise<SessionView> {
  return (await request<SessionView>('PUT', '/session/password', { body })).data;
}
