import type { WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { path, request } from '../../../lib/http.ts';
import type { DraftRequest } from '../draft.ts';

interface Target {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
  /** ETag of the settings the draft was made on. */
  readonly ifMatch: string | undefined;
}

/** Sends a draft as one change, refused when the settings are no longer those it was made on. */
export async function applyDraft(target: Target, draft: DraftRequest, options: WriteOptions): Promise<WriteAnswer> {
  const { project, flag, environment, ifMatch } = target;
  const settings = path('projects', project, 'flags', flag, 'settings', environment);
  if (draft.kind === 'change-set') {
    const url = path('projects', project, 'environments', environment, 'change-sets');
    return (await request<WriteAnswer>('POST', url, { body: { changes: draft.changes, ...options } })).data;
  }
  const body = { ...draft.body, ...options };
  const sent =
    draft.kind === 'rollout'
      ? request<WriteAnswer>('PUT', `${settings}/rollout`, { body, ifMatch })
      : request<WriteAnswer>('PATCH', settings, { body, ifMatch });
  return (await sent).data;
}
