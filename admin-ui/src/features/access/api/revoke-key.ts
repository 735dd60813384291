import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

interface Target {
  readonly project: string;
  readonly environment: string;
  readonly id: string;
}

export async function revokeKey({ project, environment, id }: Target, options: WriteOptions): Promise<WriteAnswer> {
  const url = path('projects', project, 'environments', environment, 'keys', id);
  return (
    (await request<WriteAnswer | undefined>('DELETE', url, { body: options })).data ?? { changeId: '', versions: {} }
  );
}
