import type { CreateToken, SecretAnswer } from '@dimmer/core/api';
import { request } from '../../../lib/http.ts';

export async function createToken(body: CreateToken): Promise<SecretAnswer> {
  return (await request<SecretAnswer>('POST', '/tokens', { body })).data;
}
