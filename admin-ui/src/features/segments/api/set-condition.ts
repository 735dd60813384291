import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import type { Condition } from '@dimmer/core/model';
import { path, request } from '../../../lib/http.ts';

interface Target {
  readonly project: string;
  readonly segment: string;
  readonly environment: string;
}

export async function setCondition(target: Target, condition: Condition, options: WriteOptions): Promise<WriteAnswer> {
  const url = path('projects', target.project, 'segments', target.segment, 'settings', target.environment);
  return (await request<WriteAnswer>('PATCH', url, { body: { condition, ...options } })).data;
}
