import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';

interface Archive {
  readonly project: string;
  readonly flag: string;
  /** Also if it was asked for in the last 7 days. */
  readonly force: boolean;
  readonly options: WriteOptions;
}

export async function archiveFlag({ project, flag, force, options }: Archive): Promise<WriteAnswer> {
  const url = `${path('projects', project, 'flags', flag)}${force ? '?force=true' : ''}`;
  return (await request<WriteAnswer>('DELETE', url, { body: options })).data;
}

export async function restoreFlag(project: string, flag: string): Promise<WriteAnswer> {
  return (await request<WriteAnswer>('POST', path('projects', project, 'flags', flag, 'restore'), { body: {} })).data;
}
