import type { CreateSegment, WriteAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function createSegment(project: string, body: CreateSegment): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('POST', path('projects', project, 'segments'), { body })).data;
}
