import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function deleteSegment(project: string, segment: string, options: WriteOptions): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('DELETE', path('projects', project, 'segments', segment), { body: options })).data;
}
