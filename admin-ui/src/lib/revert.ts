import type { RevertRequest, WriteAnswer } from '@dimmer/core/api';
import { path, request } from './http.ts';

/** Takes a change back by a new one; Undo is the same thing, moments later. */
export async function revertChange(project: string, change: string, body: RevertRequest): Promise<WriteAnswer> {
  const url = path('projects', project, 'changes', change, 'revert');
  return (await request<WriteAnswer>('POST', url, { body })).data;
}
