import type { CreateFlag, WriteAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function createFlag(project: string, flag: CreateFlag): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('POST', path('projects', project, 'flags'), { body: flag })).data;
}
