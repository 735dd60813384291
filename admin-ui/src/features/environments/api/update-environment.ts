import type { UpdateEnvironment, WriteAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function updateEnvironment(
  project: string,
  environment: string,
  body: UpdateEnvironment,
): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('PATCH', path('projects', project, 'environments', environment), { body })).data;
}
