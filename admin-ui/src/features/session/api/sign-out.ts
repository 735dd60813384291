import { request } from '../../../lib/http.ts';

export async function signOut(): Promise<void> {
  await request('DELETE', '/session');
}
