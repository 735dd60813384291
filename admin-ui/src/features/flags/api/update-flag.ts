import type { UpdateFlag, WriteAnswer } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

export async function updateFlag(project: string, flag: string, body: UpdateFlag): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('PATCH', path('projects', project, 'flags', flag), { body })).data;
}
