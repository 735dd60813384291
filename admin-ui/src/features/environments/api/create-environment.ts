import type { CreateEnvironment, WriteAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function createEnvironment(project: string, body: CreateEnvironment): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('POST', path('projects', project, 'environments'), { body })).data;
}
