import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function revokeToken(id: string, options: WriteOptions): Promise<WriteAnswer> {
  const answer = await request<WriteAnswer | undefined>('DELETE', path('tokens', id), { body: options });
  return answer.data ?? { changeId: '', versions: {} };
}
