import type { CreateKey, SecretAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function createKey(project: string, environment: string, body: CreateKey): Promise<SecretAnswer> {
  const url = path('projects', project, 'environments', environment, 'keys');
  return (await request<SecretAnswer>('POST', url, { body })).data;
}
